import { Type } from '@sinclair/typebox'
import { PhoneNumber, Timestamp } from './common.ts'

export const InboxQuery = Type.Object({
  to: Type.Optional(PhoneNumber)
}, { additionalProperties: false })

export const InboxReply = Type.Object({
  messages: Type.Array(Type.Object({
    sid: Type.String({ examples: ['SM554a0ef6533e02ae2bc8341a743e05e3'] }),
    to: Type.String({ examples: ['+918123456789'] }),
    from: Type.String({ examples: ['+15005550006'] }),
    body: Type.String({ examples: ['Cheershare: your code is 123456. It ends in 5 minutes. Never share it.'] }),
    status: Type.String({ description: 'A message status of Twilio', examples: ['delivered'] }),
    received_at: Timestamp
  }))
}, { title: 'Inbox' })
