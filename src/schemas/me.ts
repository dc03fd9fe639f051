import { Type } from '@sinclair/typebox'
import { closed, Channel, Failure, Locale, Name, Otp, PhoneNumber, TimeZone, Timestamp } from './common.ts'
import { CreativeReply } from './creatives.ts'
import { UserReply } from './login.ts'

export const Me = Type.Object({
  ...UserReply.properties,
  time_zone: Type.Union([TimeZone, Type.Null()], { description: 'Whose day "today" is; the service\'s own when null' }),
  language: Type.Union([Type.String(), Type.Null()], { description: 'Of the SMS that the last login was by' }),
  is_test: Type.Boolean({ description: 'Made by the fixed code of a test number' })
}, { title: 'Account' })

export const MeReply = Type.Object({ data: Me }, { title: 'Own account' })

export const MePatch = Type.Object({
  name: Type.Optional(Name),
  time_zone: Type.Optional(Type.Union([TimeZone, Type.Null()])),
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; any other is refused' })
}, { ...closed, examples: [{ name: 'Asha', time_zone: 'Asia/Kolkata', version: 1 }] })

/** 409: somebody changed it meanwhile. */
export const MeConflict = Type.Object({ ...Failure.properties, current: Me }, { title: 'Account conflict', description: 'Somebody changed it meanwhile: the current state' })

export const PhoneChangeBody = Type.Object({ phone_number: PhoneNumber, locale: Type.Optional(Locale), channel: Type.Optional(Channel) }, closed)
export const PhoneChangeAnswer = Type.Object({ otp: Otp }, closed)
export const Done = Type.Object({ success: Type.Literal(true), message: Type.String() }, { title: 'Done' })

export const ExportReply = Type.Object({
  exported_at: Timestamp,
  user: Me,
  sessions: Type.Array(Type.Object({
    id: Type.Integer(),
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    user_agent: Type.Union([Type.String(), Type.Null()]),
    address: Type.Union([Type.String(), Type.Null()], { description: 'Masked; the whole one is not kept' })
  })),
  devices: Type.Array(Type.Object({ created_at: Timestamp, expires_at: Timestamp }), { description: 'Clients that signed in, known by a token of which only a hash is kept' }),
  pending_phone_change: Type.Union([Type.Object({ phone_number: Type.String(), requested_at: Timestamp }), Type.Null()]),
  creatives: Type.Array(CreativeReply)
}, { title: 'Export' })
