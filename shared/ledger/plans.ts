// Plans of a replay, and what was done by them. A plan is kept under a nonce: short-lived, one person's, and used once, by a
// conditional write. What was done is kept under the plan's id, so that the same plan is carried out once, whoever asks.
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../clock.ts'

const ROW_VERSION = 1
const DAY_SECONDS = 86_400
/** As long as an event's row: who acted and why is part of the same history. */
const ACT_DAYS = 400
/** The row is kept a little longer than the plan is good for: DynamoDB deletes by the day, and a late try is told why. */
const PLAN_ROW_SECONDS = DAY_SECONDS

/** In which the ledger's own key prefixes are: the roles in cdk/console.ts are limited to them. */
export const PLAN_PREFIX = 'PLAN#'
export const ACT_PREFIX = 'ACT#'

export interface PlanRow {
  nonce: string
  /** Fingerprint of what would be replayed (shared/trace/plan.ts). */
  planId: string
  /** What was asked for, as in the page's address. */
  filter: string
  /** Whom it was shown to: nobody else can use it. */
  actor: string
  expiresMs: number
}

export interface ActRow {
  planId: string
  filter: string
  /** Deliveries. */
  count: number
  actor: string
  reason: string
  atMs: number
  /** Absent: begun, and not known to have ended. Touches do no harm twice, so it may be begun again. */
  doneMs?: number
}

export class Plans {
  private readonly db: DynamoDBDocumentClient
  private readonly table: string
  private readonly clock: Clock

  constructor(options: { db: DynamoDBDocumentClient; table: string; clock: Clock }) {
    this.db = options.db
    this.table = options.table
    this.clock = options.clock
  }

  async keep({ nonce, planId, filter, actor, expiresMs }: PlanRow): Promise<void> {
    await this.db.send(
      new PutCommand({
        TableName: this.table,
        Item: {
          ...planKey(nonce),
          v: ROW_VERSION,
          planId,
          filter,
          actor,
          expiresMs,
          expires: Math.floor(expiresMs / 1000) + PLAN_ROW_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    )
  }

  /** Uses the nonce up. @returns undefined when it is not there, used, too old or another's. */
  async take(nonce: string, actor: string): Promise<PlanRow | undefined> {
    const isThere = 'attribute_exists(pk)'
    const isUnused = 'attribute_not_exists(usedMs)'
    const isYoung = 'expiresMs > :now'
    const isOwn = 'actor = :actor'
    try {
      const { Attributes: item } = await this.db.send(
        new UpdateCommand({
          TableName: this.table,
          Key: planKey(nonce),
          UpdateExpression: 'SET usedMs = :now',
          ConditionExpression: [isThere, isUnused, isYoung, isOwn].join(' AND '),
          ExpressionAttributeValues: { ':now': this.clock.now(), ':actor': actor },
          ReturnValues: 'ALL_NEW',
        }),
      )
      if (!item) return undefined
      return {
        nonce,
        planId: String(item.planId),
        filter: String(item.filter),
        actor: String(item.actor),
        expiresMs: Number(item.expiresMs),
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined
      throw error
    }
  }

  /** @returns what stood before: absent, this act is the first one under the plan's id. */
  async begin(act: Omit<ActRow, 'doneMs'>): Promise<ActRow | undefined> {
    try {
      await this.db.send(
        new PutCommand({
          TableName: this.table,
          Item: {
            ...actKey(act.planId),
            v: ROW_VERSION,
            filter: act.filter,
            count: act.count,
            actor: act.actor,
            reason: act.reason,
            at: act.atMs,
            expires: Math.floor(act.atMs / 1000) + ACT_DAYS * DAY_SECONDS,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      )
      return undefined
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
        return this.readAct(act.planId)
      throw error
    }
  }

  async end(planId: string): Promise<void> {
    await this.db.send(
      new UpdateCommand({
        TableName: this.table,
        Key: actKey(planId),
        UpdateExpression: 'SET doneMs = :now',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': this.clock.now() },
      }),
    )
  }

  async readAct(planId: string): Promise<ActRow | undefined> {
    const { Item: item } = await this.db.send(
      new GetCommand({ TableName: this.table, Key: actKey(planId), ConsistentRead: true }),
    )
    if (!item) return undefined
    return {
      planId,
      filter: String(item.filter),
      count: Number(item.count),
      actor: String(item.actor),
      reason: String(item.reason),
      atMs: Number(item.at),
      ...(item.doneMs !== undefined && { doneMs: Number(item.doneMs) }),
    }
  }
}

const planKey = (nonce: string) => ({ pk: `${PLAN_PREFIX}${nonce}`, sk: 'PLAN' })
const actKey = (planId: string) => ({ pk: `${ACT_PREFIX}${planId}`, sk: 'ACT' })
