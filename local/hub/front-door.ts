// What API Gateway is in the cloud: turns HTTP on loopback into the events that the exported handlers take.
import { serve } from '@hono/node-server'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { Hono } from 'hono'

type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

export interface FrontDoorHandlers {
  /** By path: what each POST route is answered by. */
  routes: Readonly<Record<string, HttpHandler>>
  /** By path: pages for people on this machine, whatever the method. */
  pages?: Readonly<Record<string, (request: Request) => Promise<Response>>>
  maxBodyBytes: number
}

export interface FrontDoor {
  url: string
  close(): Promise<void>
}

export async function openFrontDoor(handlers: FrontDoorHandlers, port = 0): Promise<FrontDoor> {
  const app = new Hono()
  // A page on another site must not be able to talk to the hub through the user's browser (DNS rebinding).
  app.use(async (context, next) => {
    const host = context.req.header('host')?.replace(/:\d+$/, '')
    if (host !== '127.0.0.1' && host !== 'localhost')
      return context.text('This hub answers on loopback only.', 403)
    return next()
  })
  app.get('/', (context) =>
    (context.req.header('accept') ?? '').includes('text/html')
      ? context.redirect('/console')
      : context.text(
          'Switchyard local hub. Post signed Stripe events to /stripe/webhook; the console is at /console, the close of a month at /close.\n',
        ),
  )
  for (const [path, page] of Object.entries(handlers.pages ?? {}))
    app.all(path, (context) => page(context.req.raw))
  for (const [path, handler] of Object.entries(handlers.routes)) {
    app.post(path, async (context) => {
      const body = Buffer.from(await context.req.arrayBuffer())
      if (body.byteLength > handlers.maxBodyBytes) return context.text('Request Entity Too Large', 413)
      const answer = await handler({
        version: '2.0',
        body: body.toString('base64'),
        isBase64Encoded: true,
        headers: Object.fromEntries(context.req.raw.headers),
      } as APIGatewayProxyEventV2)
      return new Response(answer.body, {
        status: answer.statusCode ?? 200,
        headers: answer.headers as Record<string, string>,
      })
    })
  }
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info) =>
      resolve({
        url: `http://127.0.0.1:${info.port}`,
        close: () =>
          new Promise<void>((done, failed) => {
            if ('closeAllConnections' in server) server.closeAllConnections()
            server.close((error) => (error ? failed(error) : done()))
          }),
      }),
    )
    server.on('error', reject)
  })
}
