// One line that moves while a month is played; on anything but a terminal, a line a week.
import process from 'node:process'

export interface Progress {
  show(day: number, days: number, events: number, what: string): void
  end(): void
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shownWeek = -1
  const width = 24
  return {
    show(day, days, events, what) {
      if (!stream.isTTY) {
        const week = Math.floor(day / 7)
        if (week === shownWeek) return
        shownWeek = week
        stream.write(`  day ${String(day).padStart(2)} of ${days}, ${events} events\n`)
        return
      }
      const done = Math.round((day / days) * width)
      const bar = `${'━'.repeat(done)}${'╌'.repeat(width - done)}`
      stream.write(`\r\u001b[2K  ${bar} day ${String(day).padStart(2)} of ${days}  ${events} events  ${what}`)
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[2K')
    },
  }
}
