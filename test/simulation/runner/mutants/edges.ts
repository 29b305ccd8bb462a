// Mistakes at the edges: how events come in, how lanes stop and go on, how each vendor is written to.
import type { Mutant } from './mutant.ts'

export const EDGES: readonly Mutant[] = [
  {
    name: 'acknowledged-before-the-send',
    promise: 'A 2xx means that every queue has confirmed the event.',
    file: 'shared/intake/accept.ts',
    find: 'await Promise.all(connectors.map((connector) => queues.send(connector, message)))',
    replace: 'for (const connector of connectors) queues.send(connector, message).catch(() => undefined)',
    faults: ['sqs-send-failed'],
  },
  {
    name: 'event-row-before-the-sends',
    promise: 'The event row proves the sends: only it lets a duplicate be acknowledged at once.',
    file: 'shared/intake/accept.ts',
    find: `    await Promise.all(connectors.map((connector) => queues.send(connector, message)))
    const { raw: _, ...row } = event
    // Lost: a second copy passed the check above at the same moment. It was sent twice, which the queues allow anyway.
    const written = await ledger.putEvent({ ...row, receivedAtMs, connectors })
`,
    replace: `    const { raw: _, ...row } = event
    const written = await ledger.putEvent({ ...row, receivedAtMs, connectors })
    await Promise.all(connectors.map((connector) => queues.send(connector, message)))
`,
    faults: ['sqs-send-failed', 'ingest-killed'],
  },
  {
    name: 'answered-without-the-row',
    promise: 'A 2xx means that the event is in the ledger.',
    file: 'shared/intake/accept.ts',
    find: 'const written = await ledger.putEvent({ ...row, receivedAtMs, connectors })',
    replace:
      "const written = await ledger.putEvent({ ...row, receivedAtMs, connectors }).catch(() => 'done')",
    faults: ['ledger-throttled', 'ledger-timeout-before'],
  },
  {
    name: 'missed-events-not-accepted',
    promise: 'An event whose webhook was lost is found by the sweep.',
    file: 'functions/reconcile/sweep.ts',
    find: `      const { outcome } = await options.accept(JSON.stringify(event))
      if (outcome !== 'accepted') continue
`,
    replace: '',
    faults: ['webhook-lost'],
  },
  {
    name: 'never-resumed',
    promise: 'When an outage ends, work resumes by itself.',
    file: 'functions/breaker/breaker.ts',
    find: '      await ledger.resumeLane(lane.connector)\n',
    replace: '',
    faults: ['vendor-down'],
  },
  {
    name: 'event-source-not-looked-at',
    promise: 'A switching-off that lands late is put right within the minute.',
    file: 'functions/breaker/breaker.ts',
    find: `    if (!paused) {
      await match(lane, true)
      continue`,
    replace: `    if (!paused) {
      continue`,
    faults: ['late-disable', 'vendor-down'],
  },
  {
    name: 'hold-under-a-new-key',
    promise: 'A late hold does not stop the collection of an invoice that was taxed and released meanwhile.',
    file: 'shared/stripe/tax-hold-marker.ts',
    find: '    await send(key)\n',
    replace: '    await send([key, clock.now()].join())\n',
    // A hold that hits an open invoice is also taken back.
    and: [
      {
        file: 'shared/stripe/tax-hold-marker.ts',
        find: "if (answer.status === 'open') await undoLateHold(stripe, clock, invoiceId, former)",
        replace: "if (answer.status === 'void') await undoLateHold(stripe, clock, invoiceId, former)",
      },
      // And looked for where its outcome was unknown.
      {
        file: 'shared/stripe/tax-hold-marker.ts',
        find: "const uncollected = status === 'open' &&",
        replace: "const uncollected = status === 'void' &&",
      },
    ],
    faults: ['late-write', 'timeout-after'],
  },
  {
    name: 'failed-hold-counts-as-held',
    promise: 'A draft that Stripe did not hold is not taken for held.',
    file: 'functions/connectors/tax-hold/connector.ts',
    find: "if (translated.kind !== 'permanent') return translated",
    replace: "if (translated.kind !== 'permanent') return { remoteId: invoiceId }",
    // The tax connector holds too, before it writes: it must be away until Stripe finalizes by itself.
    faults: ['connection-reset', 'server-error', 'rate-limited', 'vendor-down'],
  },
  {
    name: 'document-sent-without-its-name',
    promise: 'A money record exists once: a document is sent under its external id, and a resend finds it.',
    file: 'functions/connectors/netsuite/write-documents.ts',
    find: `      method: 'PUT',
      path: \`\${recordPath(kind, record.externalId)}\${replace}\`,
`,
    replace: `      method: 'POST',
      path: \`record/v1/\${kind}\`,
`,
    faults: ['timeout-after', 'worker-killed', 'sqs-redelivered'],
  },
  {
    name: 'lost-answer-counts-as-nothing-done',
    promise: 'A NetSuite write that was sent and not answered may have been done, and is looked at again.',
    file: 'functions/connectors/netsuite/client.ts',
    find: 'if (call.changes && !NEVER_CONNECTED.has(code)) {',
    replace: 'if (call.changes && NEVER_CONNECTED.has(code)) {',
    faults: ['late-write', 'timeout-after'],
  },
  {
    name: 'session-never-renewed',
    promise: 'An expired Salesforce session is renewed by itself.',
    file: 'functions/connectors/salesforce/client.ts',
    find: 'if (!(error instanceof RefusedCall) || error.status !== 401) throw translateCall(error, what, write)',
    replace: 'throw translateCall(error, what, write)',
    faults: ['credential-expired'],
  },
  {
    name: 'failed-file-acknowledged',
    promise: 'No event is lost to the lake when S3 does not take its file.',
    file: 'functions/connectors/lake/handler.ts',
    find: 'return comeBack(messages, failure)',
    replace: "return failure.kind === 'credential' ? comeBack(messages, failure) : []",
    faults: ['bucket-failed'],
  },
]
