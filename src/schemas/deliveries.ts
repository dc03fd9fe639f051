import { Type } from '@sinclair/typebox'
import { deliveryIdPattern } from '../domain/sms/delivery-id.ts'
import { deliveryReasons, type DeliveryReason } from '../domain/sms/delivery-reasons.ts'
import { oneOf } from './common.ts'

export const DeliveryId = Type.String({ pattern: deliveryIdPattern, description: '`delivery_id` of the reply that announced the SMS', examples: ['x5Zk0yB3mQhW2vTn8sLdRg'] })

export const DeliveryParams = Type.Object({ id: DeliveryId })

export const DeliveryReply = Type.Object({
  status: oneOf(['queued', 'sent', 'delivered', 'failed'], {
    description: '`queued` in this service, `sent` to the carrier, `delivered` to the handset, or finally `failed`'
  }),
  channel: oneOf(['sms', 'whatsapp'], { description: 'The channel that carries the code' }),
  reason: Type.Unsafe<DeliveryReason | null>({
    type: ['string', 'null'], enum: [...Object.keys(deliveryReasons), null], description: 'Why it failed; `null` unless it failed', examples: [null]
  }),
  message: Type.String({ description: 'A sentence for the user who waits', examples: ['The message is on its way.'] }),
  resend_in: Type.Integer({
    description: 'Seconds until another SMS may be requested, as far as this SMS decides: 0 after it failed. Limits and later requests ' +
      'for the number may make it longer; `resend_in` of the reply that announced the SMS includes them.',
    examples: [30]
  })
}, { title: 'Delivery' })
