import { Type } from '@sinclair/typebox'
import { PhoneNumber, Timestamp } from './common.ts'

export const InboxQuery = Type.Object({
  to: Type.Optional(PhoneNumber)
}, { additionalProperties: false })

export const InboxReply = Type.Object({
  messages: Type.Array(Type.Object({
    sid: Type.String(),
    to: Type.String(),
    from: Type.String(),
    body: Type.String(),
    status: Type.String({ description: 'A message status of Twilio', examples: ['delivered'] }),
    received_at: Timestamp
  }))
}, { title: 'Inbox' })
