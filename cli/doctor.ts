// `hub doctor`: before the first event, and whenever something is odd: is every vendor, and the hub itself, as it must be? A
// table, a sentence and the next step for what is not; exit 0 when all is well, 2 when a person is needed, 1 when something
// could not be looked at.
import process from 'node:process'
import Table from 'cli-table3'
import { examineAvalara } from '../functions/connectors/avalara/doctor.ts'
import { examineNetSuite } from '../functions/connectors/netsuite/doctor.ts'
import { examineSalesforce } from '../functions/connectors/salesforce/doctor.ts'
import type { Clock } from '../shared/clock.ts'
import type { Finding } from '../shared/doctor/finding.ts'
import { examineHub } from '../shared/doctor/hub.ts'
import { examineStripe } from '../shared/doctor/stripe.ts'
import { createStripeClient } from '../shared/stripe/client.ts'
import { wantedEvents } from '../shared/stripe/webhook-endpoint.ts'
import { type OpenStage, openStage } from './stage.ts'
import { examineSecrets } from './stage-credentials.ts'

export interface DoctorOptions {
  stage: string
  json: boolean
  folder: string
  clock?: Clock
}

/** @returns the exit code. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const stage = await openStage(options)
  try {
    const findings = await examineStage(stage)
    process.stdout.write(
      options.json ? `${JSON.stringify({ stage: stage.name, findings }, undefined, 2)}\n` : textOf(findings),
    )
    return exitCodeOf(findings)
  } finally {
    stage.close()
  }
}

export async function examineStage(stage: OpenStage): Promise<Finding[]> {
  const { config, manifests, clock, webhookUrl, isLocal, name } = stage
  const { livemode } = config
  const { findings, credentials } = await examineSecrets(stage)
  const { stripe, webhook, salesforce, netsuite, avalara } = credentials
  const own = { ...stage, flag: isLocal ? '' : ` --stage ${name}` }
  const { connectors } = config
  const examinations = await Promise.all([
    examineHub(own),
    stripe
      ? examineStripe({
          stripe: createStripeClient(stripe),
          apiKey: stripe.apiKey,
          account: config.stripe.account,
          livemode,
          manifests,
          wanted: { stage: name, url: webhookUrl, events: wantedEvents(manifests) },
          stored: webhook,
        })
      : [],
    connectors.salesforce && salesforce
      ? examineSalesforce({ config: connectors.salesforce, credentials: salesforce, livemode })
      : [],
    connectors.netsuite && netsuite
      ? examineNetSuite({ config: connectors.netsuite, credentials: netsuite, clock })
      : [],
    connectors.avalara && avalara
      ? examineAvalara({ config: connectors.avalara, credentials: avalara, livemode })
      : [],
  ])
  return [...findings, ...examinations.flat()]
}

export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ verdict }) => verdict === 'failed')) return 2
  return findings.some(({ verdict }) => verdict === 'unknown') ? 1 : 0
}

const MARKS: Readonly<Record<Finding['verdict'], string>> = { ok: '✓', failed: '✗', unknown: '?' }

export function textOf(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['', 'system', 'what', ''],
    style: { head: [], border: [] },
    colWidths: [4, 12, 36, 74],
    wordWrap: true,
  })
  for (const { verdict, system, what, why, next, code } of findings) {
    const told = verdict === 'ok' ? (why ?? '') : `${why} [${code}]\n→ ${next}`
    table.push([MARKS[verdict], system, what, told])
  }
  const count = (verdict: Finding['verdict']) => findings.filter((each) => each.verdict === verdict).length
  const sum = `${count('ok')} well, ${count('failed')} wrong, ${count('unknown')} not known.`
  return `${table.toString()}\n${sum}\n`
}
