import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Carrier } from '../../src/carrier/index.ts'
import { signCallback } from '../../src/carrier/signature.ts'
import { createId, createMessageId } from '../contracts/deliveries/delivery.ts'

/** A public URL with a path, as behind a proxy that strips it. */
export const publicUrl = 'https://login.example.com/sms'

export function carrierOf (app: FastifyInstance): Carrier {
  if (app.carrier === null) throw new Error('no emulator')
  return app.carrier
}

/** Returns the port of a listening service. */
export const portOf = (app: FastifyInstance) => (app.server.address() as AddressInfo).port

export interface StatusRequest {
  delivery?: string
  /** Appended to the query, exactly as sent. */
  query?: string
  /** The auth token that signs, and the base URL that is signed. */
  token?: string
  url?: string
  headers?: Record<string, string>
}

/** Reports a status as Twilio does, with its signature; returns status and body of the reply. */
export async function report (app: FastifyInstance, form: Record<string, string>, request: StatusRequest = {}) {
  const { delivery, query = '', token = carrierOf(app).authToken, url = publicUrl, headers } = request
  const path = `/webhooks/twilio/status${delivery === undefined ? '' : `?delivery=${delivery}`}${query}`
  const { statusCode: status, body } = await app.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signCallback(token, `${url}${path}`, form), ...headers
    },
    payload: new URLSearchParams(form).toString()
  })
  return { status, body: body === '' ? undefined : JSON.parse(body) as Record<string, unknown> }
}

export function formOf (MessageSid: string, MessageStatus: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    ApiVersion: '2010-04-01',
    SmsSid: MessageSid,
    SmsStatus: MessageStatus,
    MessageSid,
    MessageStatus,
    To: '+918123456789',
    From: '+15005550006',
    AccountSid: 'AC1',
    ...more
  }
}

/** Records a delivery that Twilio has accepted. */
export async function sentDelivery (app: FastifyInstance) {
  const [id, messageId] = [createId(), createMessageId()]
  await app.deliveries.claim(id, {
    claimant: 'service', challengeId: `tag.login.${randomBytes(8).toString('hex')}`, send: 1, country: 'IN'
  }, app.clock.now())
  await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId }, app.clock.now())
  return { id, messageId, state: async () => (await app.deliveries.find(id))?.state, record: async () => await app.deliveries.find(id) }
}
