// What people note on a cause that parks objects: who has it in hand, or that it is set aside for a while or for good, and why.
// One row a cause; a note changes no delivery, and covers nothing that is parked after it.
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'

const ROW_VERSION = 1
const DAY_SECONDS = 86_400
const NOTE_DAYS = 400

export const NOTE_PREFIX = 'NOTE#'

/** What is parked in one lane with one code. */
export interface Cause {
  connector: string
  code: string
}

export interface Note extends Cause {
  kind: 'assigned' | 'snoozed' | 'ignored' | 'taken back'
  /** Of `assigned`: to whom. */
  to?: string
  /** Of `snoozed`. */
  untilMs?: number
  reason: string
  actor: string
  atMs: number
}

export class Notes {
  private readonly db: DynamoDBDocumentClient
  private readonly table: string

  constructor(options: { db: DynamoDBDocumentClient; table: string }) {
    this.db = options.db
    this.table = options.table
  }

  async read(cause: Cause): Promise<Note | undefined> {
    const { Item: item } = await this.db.send(
      new GetCommand({ TableName: this.table, Key: noteKey(cause), ConsistentRead: true }),
    )
    return item && (item.note as Note)
  }

  /** @param seenMs the time of the note that its writer had before them; 0: none. @returns `lost` when it is another by now. */
  async write(note: Note, seenMs: number): Promise<'done' | 'lost'> {
    const isAsSeen = seenMs === 0 ? 'attribute_not_exists(pk)' : 'notedAt = :seen'
    try {
      await this.db.send(
        new PutCommand({
          TableName: this.table,
          Item: {
            ...noteKey(note),
            v: ROW_VERSION,
            note,
            notedAt: note.atMs,
            expires: Math.floor(note.atMs / 1000) + NOTE_DAYS * DAY_SECONDS,
          },
          ConditionExpression: isAsSeen,
          ...(seenMs !== 0 && { ExpressionAttributeValues: { ':seen': seenMs } }),
        }),
      )
      return 'done'
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return 'lost'
      throw error
    }
  }
}

const noteKey = ({ connector, code }: Cause) => ({ pk: `${NOTE_PREFIX}${connector}#${code}`, sk: 'NOTE' })
