import Fastify from 'fastify'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import service from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import type { ErrorCode } from '../../../src/http/errors.ts'
import { serverOptions } from '../../../src/process/instance.ts'
import { logOptions } from '../../../src/process/logging.ts'
import { createEnvironment, signUp } from '../../support/helper.ts'
import { formType } from '../../support/forms.ts'
import { holdReservations } from '../../support/latches.ts'
import { until } from '../../support/polling.ts'
import { listen, openSocket, parseReply, readAll } from '../../support/sockets.ts'

/* Requests that are refused before a route runs: by the parser of Node, by the router, or by a hook. */

const origin = 'https://app.example'
const lines: Array<Record<string, unknown>> = []
const config = loadConfig(await createEnvironment(t, { CORS_ORIGINS: origin }))
const stream = { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } }
const app = Fastify({ ...serverOptions(config), logger: { ...logOptions('info'), stream } })
await app.register(fp(service), { config })
t.teardown(async () => { await app.close() })
const { authorization } = await signUp(app)
const port = await listen(app)

interface EarlyRefusal {
  title: string
  request: string
  status: number
  code: ErrorCode
  /** Labels of the metric. */
  route?: string
  /** The headers of the request were not read completely. */
  hasNoHeaders?: boolean
}

const chunked = (path: string, ...others: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: x', `Origin: ${origin}`, 'Transfer-Encoding: chunked', ...others, '', 'zz', ''].join('\r\n')
const get = (path: string, ...others: string[]) => [`GET ${path} HTTP/1.1`, `Origin: ${origin}`, 'Connection: close', ...others, '', ''].join('\r\n')
const unmatched = 'method="any",route="unmatched"'
const bad = { status: 400, code: 'CHR_BAD_REQUEST' } as const

const refusals: EarlyRefusal[] = [
  { title: 'text that is not HTTP', request: 'hello\r\n\r\n', ...bad, hasNoHeaders: true },
  {
    title: 'headers that are too large',
    request: get('/health/live', 'Host: x', `x: ${'a'.repeat(20_000)}`),
    status: 431,
    code: 'CHR_HEADERS_TOO_LARGE',
    hasNoHeaders: true
  },
  { title: 'malformed chunks of JSON', request: chunked('/login', 'Content-Type: application/json'), ...bad, route: 'method="POST",route="/login"' },
  {
    title: 'malformed chunks of a form',
    request: chunked('/upload-creative', `Authorization: ${authorization}`, `Content-Type: ${formType}`),
    ...bad,
    route: 'method="POST",route="/upload-creative"'
  },
  { title: 'an address with a broken escape', request: get('/%zz', 'Host: x'), ...bad },
  {
    title: 'a parameter that is too long', request: get(`/sessions/${'1'.repeat(200)}`, 'Host: x'), status: 404, code: 'CHR_NOT_FOUND'
  },
  { title: 'no Host', request: get('/health/live'), ...bad, route: 'method="GET",route="/health/live"' },
  { title: 'an unknown address', request: get('/nope', 'Host: x'), status: 404, code: 'CHR_NOT_FOUND' }
]

async function readCount (labels: string, status: number): Promise<number> {
  const name = `http_request_duration_seconds_count{${labels},status="${status}"} `
  return Number((await app.metrics.expose()).split('\n').find((line) => line.startsWith(name))?.slice(name.length) ?? 0)
}

async function exchange (request: string): Promise<string> {
  const socket = await openSocket(port)
  const text = readAll(socket)
  socket.write(request)
  return await text
}

for (const { title, request, status, code, route = unmatched, hasNoHeaders = false } of refusals) {
  t.test(`the refusal of ${title} is counted with its status, and logged with its request id`, async (t) => {
    const count = await readCount(route, status)
    const text = await exchange(request)
    const { head, body, status: parsed } = parseReply(text)
    t.equal(parsed, status)
    const failure = JSON.parse(body) as Record<string, unknown>
    t.match(failure, { code, error: /^[A-Z].*\.$/ })
    t.match(lines.filter(({ reqId }) => reqId === failure['request_id']), [{ code, msg: 'request refused' }], 'in a single line')
    await until('the refusal is counted', async () => await readCount(route, status) === count + 1)
    if (hasNoHeaders) t.notMatch(head, /access-control/i)
    else isReadable(t, head)
  })
}

function isReadable (t: Test, head: string): void {
  t.match(head, new RegExp(`\r\naccess-control-allow-origin: ${origin}\r\n`, 'i'))
  t.match(head, /\r\naccess-control-expose-headers: [^\r]*retry-after/i)
  t.match(head, /\r\nvary: [^\r]*Origin/i)
}

t.test('malformed chunks of a form that is not being read yet are refused too', async (t) => {
  const reservations = holdReservations(t, app)
  const socket = await openSocket(port)
  const text = readAll(socket)
  const [head = '', rest = ''] = chunked('/upload-creative', `Authorization: ${authorization}`, `Content-Type: ${formType}`).split('zz')
  socket.write(head)
  await until('the upload waits for its quota', () => reservations.waiting > 0)
  const route = 'method="POST",route="/upload-creative"'
  const count = await readCount(route, 400)
  socket.write(`zz${rest}`)
  const { head: headers, body } = parseReply(await text)
  isReadable(t, headers)
  t.match(lines.filter(({ reqId }) => reqId === (JSON.parse(body) as Record<string, unknown>)['request_id']), [{ code: 'CHR_BAD_REQUEST' }])
  t.equal(await readCount(route, 400), count + 1)
  reservations.restore()
})

t.test('a body that stops coming in the middle of JSON is refused for pages of other origins too', async (t) => {
  const head = ['POST /login HTTP/1.1', 'Host: x', `Origin: ${origin}`, 'Content-Type: application/json', 'Content-Length: 100', '', '{'].join('\r\n')
  const { head: headers, body } = parseReply(await exchange(head))
  t.match(JSON.parse(body), { code: 'CHR_REQUEST_TIMEOUT' })
  isReadable(t, headers)
  t.equal(await readCount('method="POST",route="/login"', 400), 2)
})

t.test('an unknown Expect header is ignored', async (t) => {
  t.equal(parseReply(await exchange(get('/health/live', 'Host: x', 'Expect: the-unexpected'))).status, 200)
})

t.test('HTTP/1.0 needs no Host', async (t) => {
  t.match(await exchange('GET /health/live HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

t.test('a page of another origin cannot read the refusal of an address with a broken escape', async (t) => {
  for (const line of ['Origin: https://evil.example', 'Accept: */*']) {
    t.notMatch(await exchange(`GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line}\r\n\r\n`), /access-control/i)
  }
})
