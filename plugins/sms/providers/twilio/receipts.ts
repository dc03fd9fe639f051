import formbody from '@fastify/formbody'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { readTwilioReceipt } from '../../../../src/domain/sms/twilio/receipts.ts'
import { DeliveryId } from '../../../../src/schemas/deliveries.ts'
import type { ReceiptSource } from '../definition.ts'
import { findAccount } from './account.ts'
import type { TwilioSettings } from './settings.ts'
import { findCallbackBaseOf } from './status-callback.ts'

/** Additional fields are ignored. */
const StatusQuery = Type.Object({ delivery: Type.Optional(DeliveryId) })

/** https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
const StatusBody = Type.Object({
  MessageSid: Type.String({ minLength: 1, maxLength: 64, examples: ['SM554a0ef6533e02ae2bc8341a743e05e3'] }),
  MessageStatus: Type.String({ maxLength: 64, examples: ['delivered'] }),
  ErrorCode: Type.Optional(Type.String({ maxLength: 16, examples: ['30003'] }))
}, { title: 'Twilio status', examples: [{ MessageSid: 'SM554a0ef6533e02ae2bc8341a743e05e3', MessageStatus: 'delivered' }] })

const schema = {
  operationId: 'receiveTwilioStatus',
  summary: 'Status callback of Twilio',
  description: 'Signed by `X-Twilio-Signature` for the address under `PUBLIC_URL`, else 403 `CHR_SIGNATURE_INVALID`. ' +
    'Repeated, late and unordered reports are accepted, and so are reports about unknown messages.',
  consumes: ['application/x-www-form-urlencoded'],
  querystring: StatusQuery,
  body: StatusBody
}

/** Creates the reader of status callbacks of Twilio or the emulator; returns `undefined` without an auth token, which verifies them. */
export function createReceiptSource (
  fastify: FastifyInstance, settings: TwilioSettings
): ReceiptSource<typeof StatusQuery, typeof StatusBody> | undefined {
  const { authToken } = findAccount(settings, fastify.carrier)
  if (authToken === undefined) return undefined
  return {
    schema,
    parser: formbody,
    isAuthentic ({ headers, path, body }) {
      const signature = headers['x-twilio-signature']?.toString()
      // The sender of a request writes its Host header, so the signed URL is built from the configuration instead.
      const url = `${findCallbackBaseOf(fastify, settings) ?? fastify.config.http.baseUrl}${path}`
      const form = body as Record<string, unknown> | undefined
      return signature !== undefined && URL.canParse(url) && validateRequest(authToken, signature, url, form ?? {})
    },
    read: (body, { delivery }) => readTwilioReceipt(body, delivery)
  }
}
