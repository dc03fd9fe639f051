import { Type } from '@sinclair/typebox'
import { deliveryIdPattern } from '../domain/sms/delivery-id.ts'
import { deliveryReasons, type DeliveryReason } from '../domain/sms/delivery-reasons.ts'
import type { Channel, DeliveryStatus } from '../domain/sms/delivery.ts'

export const DeliveryId = Type.String({ pattern: deliveryIdPattern, description: '`delivery_id` of the reply that announced the SMS' })

export const DeliveryParams = Type.Object({ id: DeliveryId })

export const DeliveryReply = Type.Object({
  status: Type.Unsafe<DeliveryStatus>({
    type: 'string',
    enum: ['queued', 'sent', 'delivered', 'failed'],
    description: '`queued` in this service, `sent` to the carrier, `delivered` to the handset, or finally `failed`'
  }),
  channel: Type.Unsafe<Channel>({ type: 'string', enum: ['sms', 'whatsapp'], description: 'The channel that carries the code' }),
  reason: Type.Unsafe<DeliveryReason | null>({
    type: ['string', 'null'], enum: [...Object.keys(deliveryReasons), null], description: 'Why it failed; `null` unless it failed'
  }),
  message: Type.String({ description: 'A sentence for the user who waits', examples: ['The message is on its way.'] }),
  resend_in: Type.Integer({ description: 'Seconds until another SMS may be requested', examples: [30] })
}, { title: 'Delivery' })
