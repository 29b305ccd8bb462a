// The queues of one SQS, by name: making, finding and changing them as the service allows. How requests reach it, and
// how a long poll waits, is for the server around it.
import type { Clock } from '../../shared/clock.ts'
import { SqsError } from './sqs-error.ts'
import type { QueueDirectory } from './sqs-operations.ts'
import { Queue } from './sqs-queue.ts'
import {
  applyQueueAttributes,
  DEFAULT_QUEUE_SETTINGS,
  describeQueueSettings,
} from './sqs-queue-attributes.ts'

export interface QueuesOptions {
  clock: Clock
  /** Draws the order of delivery; absent: the longest visible message first. */
  random?: () => number
  /** A message id never given before; absent: a random one. */
  newId?: () => string
  urlOf: (queue: Queue) => string
}

export interface Queues extends Omit<QueueDirectory, 'receiveWithin'> {
  /** By name, URL or ARN; undefined when there is none. */
  find(nameUrlOrArn: string): Queue | undefined
}

const lastSegment = (url: string) => url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf(':')) + 1)

export function createQueueDirectory({ clock, random, newId, urlOf }: QueuesOptions): Queues {
  const queues = new Map<string, Queue>()
  const find = (nameUrlOrArn: string) => queues.get(lastSegment(nameUrlOrArn))
  const existing = (name: string): Queue => {
    const queue = find(name)
    if (!queue) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.')
    return queue
  }
  const settingsFrom = (attributes: Record<string, string>, current = DEFAULT_QUEUE_SETTINGS) => {
    const settings = applyQueueAttributes(attributes, current)
    const targetArn = settings.redrivePolicy?.deadLetterTargetArn
    if (targetArn !== undefined && !find(targetArn)) {
      throw new SqsError(
        'InvalidParameterValue',
        `Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      )
    }
    return settings
  }

  const createQueue = (name: string, attributes: Record<string, string> = {}): Queue => {
    if (attributes.FifoQueue !== undefined || name.endsWith('.fifo')) {
      throw new SqsError('UnsupportedOperation', 'The embedded SQS has standard queues only.')
    }
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
      throw new SqsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
      )
    }
    const settings = settingsFrom(attributes)
    const same = queues.get(name)
    if (!same) {
      const queue = new Queue({ name, settings, clock, random, newId, findQueue: find })
      queues.set(name, queue)
      return queue
    }
    const [asked, stands] = [describeQueueSettings(settings), describeQueueSettings(same.settings)]
    const differing = Object.keys(attributes).find((attribute) => asked[attribute] !== stands[attribute])
    if (differing !== undefined) {
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${differing}`,
      )
    }
    return same
  }

  return {
    createQueue,
    find,
    queueAt: existing,
    queueNamed: existing,
    urlOf,
    queues: () => [...queues.values()],
    setAttributes: (queue, attributes) => {
      queue.settings = settingsFrom(attributes, queue.settings)
    },
    deleteQueue: (queue) => {
      queues.delete(queue.name)
    },
  }
}
