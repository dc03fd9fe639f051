import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleepUnless } from 'node:timers/promises'
import Fastify from 'fastify'
import { controlRoutes } from './control.ts'
import type { Account, ApiKey } from './credentials.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMessageLog, type InboxMessage, type Message } from './messages.ts'
import { createReceipts } from './receipts.ts'
import { carrierRoutes } from './routes.ts'

/** A running emulator of the part of Twilio's REST API that sends messages. */
export interface Carrier extends Account {
  /** Base URL, in place of https://api.twilio.com. */
  readonly url: string
  readonly faults: Faults
  /** Returns the accepted messages, newest first. */
  messages (filter?: { to?: string }): Message[]
  close (): Promise<void>
}

export interface CarrierOptions {
  now?: () => number
  sleep?: (milliseconds: number, closing: AbortSignal) => Promise<void>
  /** Defaults to the loopback address. */
  host?: string
  /** Defaults to 0, which picks any free port. */
  port?: number
  /** `AC` and 32 hexadecimal digits; random if unset. */
  accountSid?: string
  /** Random if unset. */
  authToken?: string
  /** Without it only the auth token is accepted. */
  apiKey?: ApiKey | undefined
  /** Whether clients with the credentials may set faults and read messages over HTTP; defaults to false. */
  hasControl?: boolean
  /** Called for each accepted message. */
  onMessage?: (message: InboxMessage) => void
}

const systemSleep: NonNullable<CarrierOptions['sleep']> = async (milliseconds, signal) => {
  await sleepUnless(milliseconds, undefined, { signal })
}

/** Starts an emulator. By default it listens on the loopback address, with a random account and credentials. */
export async function buildCarrier (options: CarrierOptions = {}): Promise<Carrier> {
  const { now = Date.now, sleep = systemSleep, host = '127.0.0.1', port = 0, hasControl = false, onMessage } = options
  const account: Account = {
    accountSid: options.accountSid ?? `AC${randomBytes(16).toString('hex')}`,
    authToken: options.authToken ?? randomBytes(16).toString('hex'),
    apiKey: options.apiKey,
    // The valid sender of Twilio's test credentials; the number is fictional.
    sender: '+15005550006'
  }
  const log = createMessageLog(now)
  const faults = createFaults()
  const closing = new AbortController()
  const pause = pauseUntil(closing.signal, sleep)
  const receipts = createReceipts({ account, log, pause, closing: closing.signal })
  const server = Fastify({ forceCloseConnections: true })
  await server.register(carrierRoutes, { account, log, faults, receipts, pause, onMessage })
  if (hasControl) await server.register(controlRoutes, { account, log, faults })
  await server.listen({ host, port })
  const { port: boundPort } = server.server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    ...account,
    faults,
    messages: log.list,
    async close () {
      closing.abort()
      await server.close()
      await receipts.idle()
    }
  }
}

/** Creates a sleep that ends early when the emulator closes. */
function pauseUntil (closing: AbortSignal, sleep: NonNullable<CarrierOptions['sleep']>) {
  const closed = new Promise<void>((resolve) => { closing.addEventListener('abort', () => resolve()) })
  return async (milliseconds: number): Promise<void> => {
    // The aborted system sleep rejects.
    await Promise.race([closed, sleep(milliseconds, closing).catch(() => {})])
  }
}
