// API Gateway's events as requests: cookies, bodies, queries and the address that people use.
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { expect, it } from 'vitest'
import { createHttpHandler } from './http.ts'

const event = (more: Partial<APIGatewayProxyEventV2> & { method?: string } = {}): APIGatewayProxyEventV2 => {
  const { method = 'GET', ...rest } = more
  return {
    version: '2.0',
    rawPath: '/console/timeline',
    rawQueryString: 'id=INV-1%20a',
    headers: { 'user-agent': 'a browser', origin: 'https://api.example' },
    requestContext: { domainName: 'api.example', http: { method } },
    ...rest,
  } as APIGatewayProxyEventV2
}

it('a page is asked for with its cookies, and answered with two', async () => {
  const handler = createHttpHandler(async (request) => {
    const { headers, url } = request
    const answer = new Response(`${url} ${headers.get('cookie')} ${headers.get('origin')}`, { status: 303 })
    answer.headers.set('Location', '/console')
    answer.headers.append('Set-Cookie', 'a=1; HttpOnly')
    answer.headers.append('Set-Cookie', 'b=; Max-Age=0')
    return answer
  })
  const answer = await handler(event({ cookies: ['__Host-switchyard=x.y.z', 'other=1'] }))
  expect(answer).toMatchObject({
    statusCode: 303,
    body: 'https://api.example/console/timeline?id=INV-1%20a __Host-switchyard=x.y.z; other=1 https://api.example',
    cookies: ['a=1; HttpOnly', 'b=; Max-Age=0'],
  })
  expect(answer.headers).toMatchObject({ location: '/console' })
  expect(answer.headers).not.toHaveProperty('set-cookie')
})

it('a form comes whole, under the address that people use', async () => {
  const handler = createHttpHandler(
    async (request) => new Response(`${request.method} ${request.url} ${await request.text()}`),
    'https://hub.example',
  )
  const body = Buffer.from('reason=ä').toString('base64')
  const answer = await handler(event({ method: 'POST', rawQueryString: '', body, isBase64Encoded: true }))
  expect(answer.body).toBe('POST https://hub.example/console/timeline reason=ä')
})
