// Dashboards and alarms name metrics that the code sends, with just the dimensions that it sends them with; and nothing is
// paid for that nobody looks at.
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../../functions/connectors/registry.ts'
import { customMetrics } from '../metric-set.ts'
import { stageOf } from '../synthesize.fixture.ts'

interface Widget {
  type: string
  width: number
  properties: {
    title?: string
    markdown?: string
    metrics?: unknown[][]
    endpoint?: string
    params?: object
    annotations?: { horizontal?: { value: number }[] }
  }
}

const SHAPE = { manifests: registry, currencies: ['USD', 'EUR', 'GBP', 'JPY', 'KWD'], journalsRevenue: true }

let template: Template
let dashboards: Map<string, Widget[]>

beforeAll(() => {
  const { hub } = stageOf()
  template = Template.fromStack(hub)
  dashboards = new Map(
    Object.entries(template.findResources('AWS::CloudWatch::Dashboard')).map(([id, { Properties }]) => [
      id,
      JSON.parse(textOf(Properties.DashboardBody)).widgets,
    ]),
  )
})

/** What only AWS knows is named after its resource. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const [, parts] = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join']
  return parts.map((part) => (typeof part === 'string' ? part : `<${idOf(part)}>`)).join('')
}
const idOf = (token: unknown): string => /[A-Za-z0-9]+(?="\]|"\})/.exec(JSON.stringify(token))?.[0] ?? ''

const dashboardOf = (prefix: string): Widget[] => {
  const found = [...dashboards].filter(([id]) => id.startsWith(prefix))
  if (found.length !== 1) throw new Error(`${found.length} dashboards begin with ${prefix}`)
  return found[0]?.[1] ?? []
}

const nameOf = (name: string, dimensions: Readonly<Record<string, string>>): string =>
  [name, ...Object.entries(dimensions).map(([key, value]) => `${key}=${value}`)].join(' ')

/** `Applied connector=netsuite` for each of the hub's own. */
function shownMetrics(): Set<string> {
  const shown = new Set<string>()
  for (const { properties } of [...dashboards.values()].flat()) {
    for (const entry of properties.metrics ?? []) {
      const [namespace, name, ...rest] = entry
      if (namespace === 'Switchyard') {
        const words = rest.filter((part) => typeof part === 'string')
        const dimensions = Object.fromEntries(
          words.flatMap((key, index) => (index % 2 === 0 ? [[key, String(words[index + 1])]] : [])),
        )
        shown.add(nameOf(String(name), dimensions))
      }
      const search = JSON.stringify(entry).replaceAll('\\', '')
      const found = /\{Switchyard,(\w+)\} MetricName="(\w+)"/.exec(search)
      if (found) shown.add(`${found[2]} ${found[1]}=*`)
    }
  }
  return shown
}

function alarmedMetrics(): Set<string> {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
  return new Set(
    alarms
      .filter(({ Properties }) => Properties.Namespace === 'Switchyard')
      .map(({ Properties }) =>
        nameOf(
          Properties.MetricName,
          Object.fromEntries(
            (Properties.Dimensions ?? []).map(({ Name, Value }: Record<string, string>) => [Name, Value]),
          ),
        ),
      ),
  )
}

const sentMetrics = () => customMetrics(SHAPE).map(({ name, dimensions }) => nameOf(name, dimensions))

describe('metrics', () => {
  it('that are shown or watched are sent, under these very dimensions', () => {
    const sent = new Set([...sentMetrics(), 'ClearingDifference currency=*'])
    const named = [...shownMetrics(), ...alarmedMetrics()]
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter((name) => !sent.has(name))).toEqual([])
  })

  it('that are sent, and paid for, are shown or watched', () => {
    const named = new Set([...shownMetrics(), ...alarmedMetrics()])
    const everyCurrency = named.has('ClearingDifference currency=*')
    const unseen = sentMetrics().filter(
      (name) => !named.has(name) && !(everyCurrency && name.startsWith('ClearingDifference ')),
    )
    expect(unseen).toEqual([])
  })

  it('are 101 for five connectors and five currencies: at 0.30 USD a month 30.30 at most, and few of them always', () => {
    // https://aws.amazon.com/cloudwatch/pricing/ (us-east-1, read in November 2026): the first 10,000 metrics, prorated by the
    // hours in which they are sent.
    const all = customMetrics(SHAPE)
    expect(all).toHaveLength(101)
    const centsAMonth = 30
    expect(all.length * centsAMonth).toBe(3_030)
    // What is sent each hour, whatever happens.
    const always = all.filter(({ name }) =>
      [
        'PausedLanes',
        'Recovered',
        'TaxHolds',
        'OldestTaxHoldSeconds',
        'ParkedObjects',
        'WaitingObjects',
        'UnsettledSeconds',
      ].includes(name),
    )
    expect(always.length * centsAMonth).toBe(510)
  })
})

describe('the overview', () => {
  const overview = () => dashboardOf('OnCallOverview')

  it('begins with what to do, then what is hurt, and leads to each connector’s own', () => {
    const [first, second] = overview()
    expect(first).toMatchObject({ type: 'text', width: 24 })
    expect(first?.properties.markdown).toContain('**If an alarm rings**')
    for (const { title } of registry)
      expect(first?.properties.markdown).toMatch(new RegExp(`\\[${title}\\]\\(#dashboards:name=<\\w+>\\)`))
    expect(second?.type).toBe('alarm')
    expect(second?.properties).toMatchObject({ alarms: expect.arrayContaining([expect.any(String)]) })
  })

  it('shows the lag of every system by two percentiles, and its age with lines at 1 hour, 3 days and 10 days', () => {
    const titled = (part: string) => overview().find(({ properties }) => properties.title?.includes(part))
    for (const [part, statistic] of [
      ['(p50)', 'p50'],
      ['(p99)', 'p99'],
    ] as const) {
      const metrics = titled(part)?.properties.metrics ?? []
      expect(metrics.map(([, , , connector]) => connector)).toEqual(registry.map(({ name }) => name))
      for (const entry of metrics) expect(entry.at(-1)).toMatchObject({ stat: statistic })
    }
    expect(titled('by the ledger')?.properties.annotations?.horizontal?.map(({ value }) => value)).toEqual([
      3_600, 259_200, 864_000,
    ])
    for (const part of ['Parked now', 'stand still', 'Drafts held untaxed', 'Money not in step'])
      expect(titled(part)).toBeDefined()
  })

  it('has the widgets of parked and search, answered by a Lambda that may read the ledger and nothing else of it', () => {
    const custom = overview().filter(({ type }) => type === 'custom')
    expect(custom.map(({ properties }) => properties.params)).toEqual([
      { widget: 'parked' },
      { widget: 'trace' },
    ])
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'))
    const [, policy] = policies.find(([id]) => id.startsWith('OnCallWidgets')) ?? []
    const actions = policy?.Properties.PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string }) => Action,
    )
    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ])
  })
})

describe('a connector’s dashboard', () => {
  it('is made for each, with its own metrics alone', () => {
    expect(dashboards.size).toBe(registry.length + 1)
    for (const { name, title } of registry) {
      const widgets = dashboardOf(`OnCall${name.replace('-', '')}`)
      expect(widgets[0]?.properties.markdown).toContain(`# ${title}, stage staging`)
      for (const { properties } of widgets)
        for (const [namespace, , dimension, value] of properties.metrics ?? [])
          if (namespace === 'Switchyard') expect([dimension, value]).toEqual(['connector', name])
    }
  })

  it('shows a quota where the vendor tells one, and says so where it does not', () => {
    const salesforce = JSON.stringify(dashboardOf('OnCallsalesforce'))
    expect(salesforce).toContain('"QuotaLeftPercent","connector","salesforce"')
    const netsuite = JSON.stringify(dashboardOf('OnCallnetsuite'))
    expect(netsuite).not.toContain('QuotaLeftPercent')
    expect(netsuite).toContain('NetSuite does not say how much of its quota is left.')
    expect(netsuite).toContain('It allows 5 calls at once; this lane makes 2 a worker.')
  })

  it('has titles that say something, and rows that are full', () => {
    for (const widgets of dashboards.values())
      for (const { type, properties } of widgets)
        if (type === 'metric') expect(properties.title?.split(' ').length).toBeGreaterThan(3)
  })
})
