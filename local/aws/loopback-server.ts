// An HTTP server on loopback for the embedded services. It is plain node:http and not a web framework, because every
// message of a played month passes through it several times and the AWS protocols need no routing.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Endpoint {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  endpoint: string
  close(): Promise<void>
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Serves on 127.0.0.1 only; port 0 lets the system choose. What the handler throws is a defect of the embedded
 * service, not an answer of AWS: it is answered 500, which the SDK retries, and written to stderr.
 */
export function listenOnLoopback(handle: RequestHandler, port = 0): Promise<Endpoint> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error(`Embedded AWS failed on ${request.method} ${request.url}:`, error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // The SDK keeps connections alive; the server must not be the first to close an idle one, or a request races it.
  server.keepAliveTimeout = 60_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('The server has no port.'))
      resolve({
        endpoint: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done, failed) => {
            server.closeAllConnections()
            server.close((error) => (error ? failed(error) : done()))
          }),
      })
    })
  })
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const [only] = chunks
  return chunks.length === 1 && only ? only : Buffer.concat(chunks)
}

export function sendJson(
  response: ServerResponse,
  status: number,
  contentType: string,
  payload: unknown,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(JSON.stringify(payload))
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.byteLength, ...headers })
  response.end(body)
}
