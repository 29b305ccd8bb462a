// What CloudWatch sends when a dashboard shows a custom widget: the widget's own parameters, those of the button that was
// pressed, and the context of the dashboard.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
import * as z from 'zod'

const range = z.object({ start: z.number(), end: z.number() })

/** Whatever else a dashboard says is of no use here; what is missing has a plain default. */
const widgetContext = z.object({
  theme: z.string().catch('light'),
  /** `+02:00`. */
  timezone: z.object({ offsetISO: z.string() }).catch({ offsetISO: '+00:00' }),
  /** `zoom`: what somebody has marked in a graph. */
  timeRange: range
    .extend({ zoom: range.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  /** Of every form within the widget. */
  forms: z.object({ all: z.record(z.string(), z.unknown()) }).catch({ all: {} }),
})

const widgetCall = z.object({
  describe: z.boolean().optional().catch(undefined),
  widget: z.string().default('parked').catch('parked'),
  connector: z.string().optional().catch(undefined),
  /** Of a link; a person's own words come in the form. */
  id: z.string().optional().catch(undefined),
  /** Shown beside the widget, where a form would call nobody. */
  popup: z.boolean().default(false).catch(false),
  widgetContext: widgetContext.partial().default({}).catch({}),
})

export type WidgetRequest =
  | { kind: 'describe' }
  | { kind: 'parked'; connector: string | undefined; look: Look }
  | { kind: 'trace'; id: string | undefined; popup: boolean; look: Look }

/** How the dashboard looks at it. */
export interface Look {
  isDark: boolean
  offsetMinutes: number
  /** Absent: all of it. */
  range: { startMs: number; endMs: number } | undefined
}

/** Longer than any id or invoice number. */
const MAX_ID = 120

export function readRequest(payload: unknown): WidgetRequest {
  const call = widgetCall.safeParse(payload).data ?? widgetCall.parse({})
  const { describe, widget, connector, id, popup, widgetContext: context } = call
  if (describe) return { kind: 'describe' }
  const shown = context.timeRange?.zoom ?? context.timeRange
  const look: Look = {
    isDark: context.theme === 'dark',
    offsetMinutes: minutesOf(context.timezone?.offsetISO ?? ''),
    range: shown && { startMs: shown.start, endMs: shown.end },
  }
  if (widget !== 'trace') return { kind: 'parked', connector, look }
  const asked = id ?? context.forms?.all.id
  const words = typeof asked === 'string' ? asked.trim().slice(0, MAX_ID) : ''
  return { kind: 'trace', id: words || undefined, popup, look }
}

function minutesOf(offsetISO: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offsetISO) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
