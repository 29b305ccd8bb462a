// What a run of the hub was seen to ask of AWS, as plain totals, and what it stands in all the time.

/** Of one run. Counted where they leave the hub, unless the field says otherwise. */
export interface Counts {
  events: number
  writeUnits: number
  readUnits: number
  /** SendMessage, SendMessageBatch and ChangeMessageVisibilityBatch, as seen on the wire. */
  sqsSends: number
  /** Lambda's own pollers: ten messages a receive and a delete at most, from the sizes of the batches. */
  sqsReceives: number
  laneInvocations: number
  /** By vendor. */
  vendorCalls: Readonly<Record<string, number>>
  lakeFiles: number
  lakeBytes: number
  /** Lines that the functions write themselves. */
  logBytes: number
  /** Rows of the ledger that were made, indexes included. */
  storedBytes: number
}

/** What stands whether events come or not. */
export interface Standing {
  queues: number
  functions: number
  alarms: number
  dashboards: number
  secrets: number
  /** Names and dimensions seen in the run: each pair is a paid metric. */
  metrics: number
}

export interface Month {
  /** Accepted in a month. */
  events: number
  counts: Counts
  standing: Standing
}
