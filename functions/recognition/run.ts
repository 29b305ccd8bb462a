// The daily run: recognizes what is due, logs a line a journal, and fails aloud when something was not journaled, so that
// the function's own error alarm rings. What was stored is posted by the next run all the same.
import { permanent, transient } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { withMetrics } from '../../shared/metrics.ts'
import { journalLine } from './document.ts'
import { exitCodeOf, type RecognitionReport, type RecognitionSources, recognizeRevenue } from './recognize.ts'

export interface DailyRecognition extends RecognitionSources {
  log: Log
}

/** @throws HubError: what the systems refused, or one error that sums up what was not journaled. */
export async function runRecognition({ log, ...sources }: DailyRecognition): Promise<RecognitionReport> {
  const report = await recognizeRevenue(sources)
  for (const handled of report.journals) log(journalLine(handled))
  for (const { object, code } of report.refused) log({ line: 'revenue refused', object, code })
  for (const { where, code } of report.breaks) log({ line: 'revenue break', object: where, code })
  log({
    line: 'recognition',
    through: report.through,
    firstOpenMonth: report.firstOpenMonth,
    journals: report.journals.length,
    refused: report.refused.length,
    breaks: report.breaks.length,
    ...withMetrics(sources.clock, {
      JournalsPosted: report.journals.filter(({ state }) => state === 'posted').length,
    }),
  })
  const failed = report.journals.filter(({ state }) => state === 'failed').length
  const what = `Revenue through ${report.through}: ${failed} journals could not be posted, ${report.refused.length} documents could not be recognized. What was stored is posted by the next run.`
  // What does not add up in Stripe cannot be mended there, and would ring every day: it is logged, and the close tells it.
  const code = exitCodeOf({ ...report, breaks: [] })
  if (code === 0) return report
  if (code === 1) throw transient(what, { code: 'REVREC-NOT-POSTED' })
  throw permanent(what, {
    code: 'REVREC-PERSON',
    hint: `Accounting: hub recognize ${report.through} --dry-run lists each with who mends it.`,
  })
}
