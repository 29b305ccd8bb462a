import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { expect, it } from 'vitest'
import { edgeOnly } from './edge-only.ts'

const handler = async () => ({ statusCode: 200, body: 'accepted' })
const asked = (headers: Record<string, string>) => ({ headers }) as unknown as APIGatewayProxyEventV2
const behind = edgeOnly(handler, async () => ({ header: 'k3y-of-the-edge' }))

it('takes what came through the distribution', async () => {
  expect(await behind(asked({ 'x-switchyard-edge': 'k3y-of-the-edge' }))).toMatchObject({ statusCode: 200 })
})

it.each([[{}], [{ 'x-switchyard-edge': '' }], [{ 'x-switchyard-edge': 'k3y-of-the-edgf' }]])(
  'refuses %j, and says where to go',
  async (headers) => {
    const answer = await behind(asked(headers as Record<string, string>))
    expect(answer).toMatchObject({ statusCode: 403, body: expect.stringContaining('WebhookUrl') })
  },
)

it('takes everything where there is no distribution', async () => {
  expect(await edgeOnly(handler, undefined)(asked({}))).toMatchObject({ statusCode: 200 })
})

it('fails loudly when the secret is empty, rather than taking everything', async () => {
  await expect(edgeOnly(handler, async () => ({}))(asked({ 'x-switchyard-edge': '' }))).rejects.toThrow(
    'The secret "edge" must hold {"header": "…"}',
  )
})
