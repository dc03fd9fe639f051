import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleepUnless } from 'node:timers/promises'
import Fastify from 'fastify'
import { controlRoutes } from './control.ts'
import type { Account } from './credentials.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMessageLog, type InboxMessage, type Message } from './messages.ts'
import { createReceipts } from './receipts.ts'
import { carrierRoutes } from './routes.ts'

/** A running emulator of the part of Twilio's REST API that sends messages. */
export interface Carrier extends Account {
  /** Base URL, in place of https://api.twilio.com. */
  readonly url: string
  readonly faults: Faults
  /** What it has taken, newest first. */
  messages (filter?: { to?: string }): Message[]
  close (): Promise<void>
}

export interface CarrierOptions {
  now?: () => number
  sleep?: (milliseconds: number, closing: AbortSignal) => Promise<void>
  /** The loopback address when unset. */
  host?: string
  /** 0, the default, takes any free one. */
  port?: number
  /** `AC` and 32 hexadecimal digits; drawn when unset. */
  accountSid?: string
  /** Drawn when unset. */
  authToken?: string
  /** Whether whoever has the credentials may set faults and read messages over HTTP; not when unset. */
  hasControl?: boolean
  /** Calls `onMessage` for each message taken. */
  onMessage?: (message: InboxMessage) => void
}

const systemSleep: NonNullable<CarrierOptions['sleep']> = async (milliseconds, signal) => { await sleepUnless(milliseconds, undefined, { signal }) }

/** Starts an emulator, unless told otherwise on the loopback address and with an account and credentials of its own. */
export async function buildCarrier (options: CarrierOptions = {}): Promise<Carrier> {
  const { now = Date.now, sleep = systemSleep, host = '127.0.0.1', port = 0, hasControl = false, onMessage } = options
  const account: Account = {
    accountSid: options.accountSid ?? `AC${randomBytes(16).toString('hex')}`,
    authToken: options.authToken ?? randomBytes(16).toString('hex'),
    // Fictional by design: Twilio's own "valid sender" of its test credentials.
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
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    ...account,
    faults,
    messages: log.list,
    async close () {
      closing.abort()
      await server.close()
      await receipts.settled()
    }
  }
}

/** A sleep that closing ends, whatever it was to wait for. */
function pauseUntil (closing: AbortSignal, sleep: NonNullable<CarrierOptions['sleep']>) {
  const closed = new Promise<void>((resolve) => { closing.addEventListener('abort', () => resolve()) })
  return async (milliseconds: number): Promise<void> => {
    // The system's sleep ends by an error then.
    await Promise.race([closed, sleep(milliseconds, closing).catch(() => {})])
  }
}
