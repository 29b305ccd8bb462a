// GetSecretValue and PutSecretValue for @aws-sdk/client-secrets-manager: named secrets with a current and a previous value, as
// a rotation leaves them. Secrets are made by the process itself; values live in memory and are never written down.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { secretArn } from './account.ts'
import { type Endpoint, listenOnLoopback, readBody, sendJson } from './loopback-server.ts'

export interface EmbeddedSecrets extends Endpoint {
  /** Makes this the current value; the one before it becomes the previous one. */
  put(name: string, value: string): void
  /** The current value; undefined: there is no such secret. */
  current(name: string): string | undefined
}

interface SecretVersion {
  id: string
  value: string
  createdMs: number
}

interface Secret {
  current: SecretVersion
  previous: SecretVersion | undefined
}

const putSchema = z.object({
  SecretId: z.string(),
  SecretString: z.string().min(1).max(65_536),
  ClientRequestToken: z.string().min(32).max(64),
})

const requestSchema = z.object({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
})

export async function startSecrets({ clock }: { clock: Clock }): Promise<EmbeddedSecrets> {
  const secrets = new Map<string, Secret>()

  const server = await listenOnLoopback(async (request, response) => {
    const refuse = (type: string, message: string) =>
      sendJson(response, 400, JSON_TYPE, { __type: type, Message: message })
    const named = (id: string) => [...secrets.keys()].find((each) => each === id || secretArn(each) === id)
    const body = await readBody(request)
    const action = request.headers['x-amz-target']
    if (action === 'secretsmanager.PutSecretValue') {
      const given = putSchema.safeParse(JSON.parse(body.toString()))
      if (!given.success) return refuse('InvalidParameterException', z.prettifyError(given.error))
      const { SecretId, SecretString, ClientRequestToken: id } = given.data
      const owner = named(SecretId)
      const secret = owner === undefined ? undefined : secrets.get(owner)
      if (owner === undefined || !secret)
        return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
      const existing = [secret.current, secret.previous].find((version) => version?.id === id)
      // A repeat of the same call makes no second version.
      if (existing && existing.value !== SecretString)
        return refuse('ResourceExistsException', 'The version has another value.')
      if (!existing) {
        const current = { id, value: SecretString, createdMs: clock.now() }
        secrets.set(owner, { current, previous: secret.current })
      }
      return sendJson(response, 200, JSON_TYPE, {
        ARN: secretArn(owner),
        Name: owner,
        VersionId: id,
        VersionStages: ['AWSCURRENT'],
      })
    }
    if (action !== 'secretsmanager.GetSecretValue') {
      return refuse(
        'InvalidRequestException',
        'The embedded Secrets Manager offers GetSecretValue and PutSecretValue only.',
      )
    }
    const asked = requestSchema.safeParse(JSON.parse(body.toString()))
    if (!asked.success) return refuse('InvalidParameterException', z.prettifyError(asked.error))
    const { SecretId, VersionId, VersionStage } = asked.data
    const name = named(SecretId)
    const secret = name === undefined ? undefined : secrets.get(name)
    if (name === undefined || !secret) {
      return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    }
    const stages = [
      { stage: 'AWSCURRENT', version: secret.current },
      { stage: 'AWSPREVIOUS', version: secret.previous },
    ]
    const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined)
    const found = stages.find(
      (each) =>
        (stage === undefined || each.stage === stage) &&
        (VersionId === undefined || each.version?.id === VersionId),
    )
    if (!found?.version) {
      const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`
      return refuse(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${wanted}`,
      )
    }
    sendJson(response, 200, JSON_TYPE, {
      ARN: secretArn(name),
      Name: name,
      VersionId: found.version.id,
      VersionStages: [found.stage],
      SecretString: found.version.value,
      CreatedDate: found.version.createdMs / 1_000,
    })
  })

  return {
    ...server,
    current: (name) => secrets.get(name)?.current.value,
    put: (name, value) => {
      const current = { id: randomUUID(), value, createdMs: clock.now() }
      secrets.set(name, { current, previous: secrets.get(name)?.current })
    },
  }
}

const JSON_TYPE = 'application/x-amz-json-1.1'
