import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import type { Test } from 'tap'
import { SmsError, type OutgoingMessage, type SmsProvider } from '../../plugins/sms/providers/contract.ts'
import type { AnswerFault } from '../../src/carrier/faults.ts'
import { describeError } from '../../src/process/logging.ts'

/** The fake gateway that a provider sends to. */
export interface Gateway {
  url: string
  /** Applies a fault to the next message. */
  fail (fault: AnswerFault): void
  /** Returns the texts of the accepted messages. */
  acceptedTexts (): string[]
  close (): Promise<void>
}

export interface ProviderFixture {
  gateway: Gateway
  /** Opens a provider that sends to the gateway, or to another URL. */
  open (options?: { url?: string, timeoutMs?: number, hasWrongCredentials?: boolean }): SmsProvider
  /** Texts that no error may contain, in addition to the number and the text of the message. */
  secrets: string[]
}

export const message: OutgoingMessage = {
  id: 'the-delivery-1',
  to: '+918123456789',
  channel: 'sms',
  text: 'Cheershare: your code is 493817.',
  code: '493817',
  language: 'en',
  country: 'IN',
  purpose: 'login',
  validitySeconds: 299.6
}

/** Timeout that is long enough for a busy machine to accept the request, which some tests require. */
const timeoutMs = 1000

interface Row { what: string, fault: AnswerFault, expected: object, acceptedCount?: number }

const refuse = (status: number, retryAfter?: number): AnswerFault =>
  ({ kind: 'refuse', status, code: 99_999, ...(retryAfter === undefined ? {} : { retry_after_seconds: retryAfter }) })

const rows: Row[] = [
  {
    what: 'a throttled request reports Retry-After',
    fault: refuse(429, 30),
    expected: { failure: 'busy', status: 429, retryAfterMs: 30_000 }
  },
  {
    what: 'a throttled request without Retry-After reports none',
    fault: refuse(429),
    expected: { failure: 'busy', status: 429, retryAfterMs: undefined }
  },
  { what: '500 is ambiguous', fault: refuse(500), expected: { failure: 'ambiguous', status: 500 } },
  {
    what: '503 is ambiguous, with Retry-After',
    fault: refuse(503, 5),
    expected: { failure: 'ambiguous', status: 503, retryAfterMs: 5000 }
  },
  { what: '408 is ambiguous', fault: refuse(408), expected: { failure: 'ambiguous', status: 408 } },
  { what: '400 with an unknown code is a refusal', fault: refuse(400), expected: { failure: 'refused', status: 400 } },
  { what: '422 is a refusal', fault: refuse(422), expected: { failure: 'refused', status: 422 } },
  { what: '401 is a sender failure', fault: refuse(401), expected: { failure: 'sender', status: 401 } },
  { what: '404 is a sender failure', fault: refuse(404), expected: { failure: 'sender', status: 404 } },
  {
    what: 'an error page of a proxy is ambiguous',
    fault: { kind: 'html', status: 502, accept: false },
    expected: { failure: 'ambiguous', status: 502 }
  },
  {
    what: 'a timeout is ambiguous: the message was accepted',
    fault: { kind: 'hang', accept: true },
    expected: { failure: 'ambiguous', message: /timeout$/ },
    acceptedCount: 1
  },
  {
    what: 'a timeout is ambiguous: the message was not accepted',
    fault: { kind: 'hang', accept: false },
    expected: { failure: 'ambiguous', message: /timeout$/ }
  },
  {
    what: 'a truncated reply is ambiguous',
    fault: { kind: 'cut', accept: true },
    expected: { failure: 'ambiguous', message: /UND_ERR_SOCKET$/ },
    acceptedCount: 1
  },
  {
    what: 'a connection that closes without a reply is ambiguous',
    fault: { kind: 'cut', accept: false },
    expected: { failure: 'ambiguous', message: /UND_ERR_SOCKET$/ }
  }
]

/** Tests the contract of every provider. */
export function testSmsProvider (t: Test, openFixture: (t: Test) => Promise<ProviderFixture>): void {
  t.test('an accepted message has an id', async (t) => {
    const { gateway, open } = await openFixture(t)
    t.match(await open().send(message), /\w/)
    t.same(gateway.acceptedTexts(), [message.text])
  })

  for (const { what, fault, expected, acceptedCount = 0 } of rows) {
    t.test(what, async (t) => {
      const { gateway, open, secrets } = await openFixture(t)
      gateway.fail(fault)
      const provider = open(fault.kind === 'hang' ? { timeoutMs } : {})
      const error = await failureOf(t, provider.send(message))
      t.match(error, { provider: provider.name, ...expected })
      t.equal(gateway.acceptedTexts().length, acceptedCount, 'there is one call')
      checkNoSecrets(t, [...secrets, ...personal], error)
    })
  }

  t.test('unknown credentials are a sender failure', async (t) => {
    const { gateway, open, secrets } = await openFixture(t)
    const error = await failureOf(t, open({ hasWrongCredentials: true }).send(message))
    t.match(error, { failure: 'sender', status: 401 })
    t.same(gateway.acceptedTexts(), [])
    checkNoSecrets(t, [...secrets, ...personal], error)
  })

  t.test('a refused connection is unreachable', async (t) => {
    const { gateway, open, secrets } = await openFixture(t)
    await gateway.close()
    const error = await failureOf(t, open().send(message))
    t.match(error, { failure: 'unreachable', message: /ECONNREFUSED$/ })
    checkNoSecrets(t, [...secrets, ...personal], error)
  })

  t.test('an unknown host name is unreachable', async (t) => {
    const { open, secrets } = await openFixture(t)
    const error = await failureOf(t, open({ url: 'https://gateway.invalid' }).send(message))
    t.match(error, { failure: 'unreachable', message: /ENOTFOUND$|EAI_AGAIN$|timeout$/ })
    checkNoSecrets(t, [...secrets, ...personal], error)
  })

  t.test('a timeout before the connection is established is unreachable', async (t) => {
    const { open, secrets } = await openFixture(t)
    const { url, received } = await openSilentServer(t)
    const error = await failureOf(t, open({ url, timeoutMs }).send(message))
    t.match(error, { failure: 'unreachable', message: /timeout$/ })
    t.notMatch(received(), message.code)
    checkNoSecrets(t, [...secrets, ...personal], error)
  })

  t.test('a failed TLS handshake is unreachable', async (t) => {
    const { gateway, open, secrets } = await openFixture(t)
    const error = await failureOf(t, open({ url: gateway.url.replace('http:', 'https:') }).send(message))
    t.match(error, { failure: 'unreachable' })
    t.same(gateway.acceptedTexts(), [])
    checkNoSecrets(t, [...secrets, ...personal], error)
  })

  t.test('a gateway is called again after it recovers', async (t) => {
    const { gateway, open } = await openFixture(t)
    const provider = open()
    gateway.fail({ kind: 'cut', accept: false })
    await failureOf(t, provider.send(message))
    t.match(await provider.send(message), /\w/)
    t.equal(gateway.acceptedTexts().length, 1)
  })
}

const personal = [message.to, message.to.slice(1), '8123456789', '493817', 'your code']

export async function failureOf (t: Test, sending: Promise<unknown>): Promise<SmsError> {
  const error: unknown = await sending.then((sent) => new Error(`it was sent: ${inspect(sent)}`), (reason: unknown) => reason)
  if (error instanceof SmsError) return error
  t.fail('an SmsError was expected', { found: error })
  throw error
}

/** Checks that the inspected, the serialized and the logged form of a value contain none of these texts. */
export function checkNoSecrets (t: Test, secrets: readonly string[], value: unknown): void {
  const text = [inspect(value, {
    depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null
  }), JSON.stringify(value), JSON.stringify(describeError(value))].join()
  t.same(secrets.filter((secret) => text.includes(secret)), [], 'the value contains no credentials, number or text')
}

/** Starts a server that accepts connections and never completes a TLS handshake. */
async function openSilentServer (t: Test): Promise<{ url: string, received: () => string }> {
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
