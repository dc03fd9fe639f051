import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import type { Test } from 'tap'
import { SmsError, type OutgoingMessage, type SmsProvider } from '../../plugins/sms/providers/contract.ts'
import type { AnswerFault } from '../../src/carrier/faults.ts'
import { describeError } from '../../src/process/logging.ts'

/** Who stands at the other end of a provider. */
export interface Gateway {
  url: string
  /** Lets the next message meet this. */
  fail (fault: AnswerFault): void
  /** The texts that it took. */
  taken (): string[]
  close (): Promise<void>
}

export interface ProviderWorld {
  gateway: Gateway
  /** A provider that sends to the gateway, or to another address. */
  open (options?: { url?: string, timeoutMs?: number, hasWrongCredentials?: boolean }): SmsProvider
  /** What no error may hold, besides number and text. */
  secrets: string[]
}

export const message: OutgoingMessage = {
  id: 'the-delivery-1',
  to: '+918123456789',
  channel: 'sms',
  text: 'Cheershare: your code is 493817.',
  code: '493817',
  language: 'en',
  validitySeconds: 299.6
}

/** Long enough for a busy machine to take a request, where that is what is told apart. */
const timeoutMs = 1000

interface Row { what: string, fault: AnswerFault, expected: object, taken?: number }

const refuse = (status: number, retryAfter?: number): AnswerFault =>
  ({ kind: 'refuse', status, code: 99_999, ...(retryAfter === undefined ? {} : { retry_after_seconds: retryAfter }) })

const rows: Row[] = [
  { what: 'who is throttled is told how long', fault: refuse(429, 30), expected: { failure: 'busy', status: 429, retryAfterMs: 30_000 } },
  { what: 'who is throttled may not be told how long', fault: refuse(429), expected: { failure: 'busy', status: 429, retryAfterMs: undefined } },
  { what: 'an error of the gateway leaves open whether it was sent', fault: refuse(500), expected: { failure: 'ambiguous', status: 500 } },
  { what: 'so does a gateway that is overloaded', fault: refuse(503, 5), expected: { failure: 'ambiguous', status: 503, retryAfterMs: 5000 } },
  { what: 'so does a request that took too long to read', fault: refuse(408), expected: { failure: 'ambiguous', status: 408 } },
  { what: 'an unknown refusal is a refusal', fault: refuse(400), expected: { failure: 'refused', status: 400 } },
  { what: 'so is another one', fault: refuse(422), expected: { failure: 'refused', status: 422 } },
  { what: 'wrong credentials are the sender\'s fault', fault: refuse(401), expected: { failure: 'sender', status: 401 } },
  { what: 'so is a wrong address', fault: refuse(404), expected: { failure: 'sender', status: 404 } },
  { what: 'a page of a proxy in between is an error', fault: { kind: 'html', status: 502, accept: false }, expected: { failure: 'ambiguous', status: 502 } },
  { what: 'no answer in time leaves open whether it was sent: it was', fault: { kind: 'hang', accept: true }, expected: { failure: 'ambiguous', message: /timeout$/ }, taken: 1 },
  { what: 'no answer in time leaves open whether it was sent: it was not', fault: { kind: 'hang', accept: false }, expected: { failure: 'ambiguous', message: /timeout$/ } },
  { what: 'so does an answer that is cut', fault: { kind: 'cut', accept: true }, expected: { failure: 'ambiguous', message: /UND_ERR_SOCKET$/ }, taken: 1 },
  { what: 'so does a connection that ends without one', fault: { kind: 'cut', accept: false }, expected: { failure: 'ambiguous', message: /UND_ERR_SOCKET$/ } }
]

/** What every provider promises. */
export function testSmsProvider (t: Test, openWorld: (t: Test) => Promise<ProviderWorld>): void {
  t.test('a message is taken, and told by an id', async (t) => {
    const { gateway, open } = await openWorld(t)
    t.match(await open().send(message), /\w/)
    t.same(gateway.taken(), [message.text])
  })

  for (const { what, fault, expected, taken = 0 } of rows) {
    t.test(what, async (t) => {
      const { gateway, open, secrets } = await openWorld(t)
      gateway.fail(fault)
      const provider = open(fault.kind === 'hang' ? { timeoutMs } : {})
      const error = await failureOf(t, provider.send(message))
      t.match(error, { provider: provider.name, ...expected })
      t.equal(gateway.taken().length, taken, 'it is asked once')
      holdsNo(t, [...secrets, ...personal], error)
    })
  }

  t.test('credentials that the gateway does not know are the sender\'s fault', async (t) => {
    const { gateway, open, secrets } = await openWorld(t)
    const error = await failureOf(t, open({ hasWrongCredentials: true }).send(message))
    t.match(error, { failure: 'sender', status: 401 })
    t.same(gateway.taken(), [])
    holdsNo(t, [...secrets, ...personal], error)
  })

  t.test('a connection that is refused shows that nothing was sent', async (t) => {
    const { gateway, open, secrets } = await openWorld(t)
    await gateway.close()
    const error = await failureOf(t, open().send(message))
    t.match(error, { failure: 'unreachable', message: /ECONNREFUSED$/ })
    holdsNo(t, [...secrets, ...personal], error)
  })

  t.test('so does a name that nobody knows', async (t) => {
    const { open, secrets } = await openWorld(t)
    const error = await failureOf(t, open({ url: 'https://gateway.invalid' }).send(message))
    t.match(error, { failure: 'unreachable', message: /ENOTFOUND$|EAI_AGAIN$|timeout$/ })
    holdsNo(t, [...secrets, ...personal], error)
  })

  t.test('so does time that is over before the connection stands', async (t) => {
    const { open, secrets } = await openWorld(t)
    const { url, received } = await openSilence(t)
    const error = await failureOf(t, open({ url, timeoutMs }).send(message))
    t.match(error, { failure: 'unreachable', message: /timeout$/ })
    t.notMatch(received(), message.code)
    holdsNo(t, [...secrets, ...personal], error)
  })

  t.test('so does a TLS handshake that fails', async (t) => {
    const { gateway, open, secrets } = await openWorld(t)
    const error = await failureOf(t, open({ url: gateway.url.replace('http:', 'https:') }).send(message))
    t.match(error, { failure: 'unreachable' })
    t.same(gateway.taken(), [])
    holdsNo(t, [...secrets, ...personal], error)
  })

  t.test('a gateway that comes back is asked again', async (t) => {
    const { gateway, open } = await openWorld(t)
    const provider = open()
    gateway.fail({ kind: 'cut', accept: false })
    await failureOf(t, provider.send(message))
    t.match(await provider.send(message), /\w/)
    t.equal(gateway.taken().length, 1)
  })
}

const personal = [message.to, message.to.slice(1), '8123456789', '493817', 'your code']

export async function failureOf (t: Test, sending: Promise<unknown>): Promise<SmsError> {
  const error: unknown = await sending.then((sent) => new Error(`it was sent: ${inspect(sent)}`), (reason: unknown) => reason)
  if (error instanceof SmsError) return error
  t.fail('an SmsError was expected', { found: error })
  throw error
}

/** Whatever a log, a dump or a debugger could show of it. */
export function holdsNo (t: Test, secrets: readonly string[], value: unknown): void {
  const text = [inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null }), JSON.stringify(value), JSON.stringify(describeError(value))].join()
  t.same(secrets.filter((secret) => text.includes(secret)), [], 'it holds no credentials, number or text')
}

/** A server by whose side no handshake ever ends. */
async function openSilence (t: Test): Promise<{ url: string, received: () => string }> {
  let received = ''
  const server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => { received += chunk.toString() })
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => received }
}
