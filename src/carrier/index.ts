import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { createFaults, type Faults } from './faults.ts'
import { createMessageLog, type InboxMessage } from './messages.ts'
import { carrierRoutes } from './routes.ts'

/** A running emulator of the part of Twilio's REST API that sends messages. */
export interface Carrier {
  /** Base URL, in place of https://api.twilio.com. */
  readonly url: string
  readonly accountSid: string
  readonly authToken: string
  readonly sender: string
  readonly faults: Faults
  /** What it has taken, newest first. */
  messages (filter?: { to?: string }): InboxMessage[]
  close (): Promise<void>
}

export interface CarrierOptions {
  now?: () => number
  /** 0, the default, takes any free one. */
  port?: number
  /** Calls `onMessage` for each message taken. */
  onMessage?: (message: InboxMessage) => void
}

/** Starts an emulator on the loopback address, with an account and credentials of its own. */
export async function buildCarrier ({ now = Date.now, port = 0, onMessage }: CarrierOptions = {}): Promise<Carrier> {
  const account = { accountSid: `AC${randomBytes(16).toString('hex')}`, authToken: randomBytes(16).toString('hex') }
  const log = createMessageLog(now)
  const faults = createFaults()
  const server = Fastify({ forceCloseConnections: true })
  await server.register(carrierRoutes, { account, log, faults, onMessage })
  await server.listen({ host: '127.0.0.1', port })
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}`,
    ...account,
    // Fictional by design: Twilio's own "valid sender" of its test credentials.
    sender: '+15005550006',
    faults,
    messages: log.list,
    close: async () => { await server.close() }
  }
}
