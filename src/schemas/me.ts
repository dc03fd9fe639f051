import { Type } from '@sinclair/typebox'
import { AppHash, closed, Channel, Failure, Locale, Name, Otp, PhoneNumber, TimeZone, Timestamp } from './common.ts'
import { CreativeReply } from './creatives.ts'
import { UserReply } from './login.ts'

export const Me = Type.Object({
  ...UserReply.properties,
  time_zone: Type.Union([TimeZone, Type.Null()], {
    description: 'Time zone that decides which day "today" is; the default of the service when null'
  }),
  language: Type.Union([Type.String(), Type.Null()], { description: 'Language of the SMS of the last login' }),
  is_test: Type.Boolean({ description: 'Created by the fixed code of a test number' })
}, { title: 'Account' })

export const MeReply = Type.Object({ data: Me }, { title: 'Own account' })

export const MePatch = Type.Object({
  name: Type.Optional(Name),
  time_zone: Type.Optional(Type.Union([TimeZone, Type.Null()])),
  version: Type.Integer({
    minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; the change is refused if it is not the current one'
  })
}, { ...closed, examples: [{ name: 'Asha', time_zone: 'Asia/Kolkata', version: 1 }] })

/** 409 of `PATCH /me`. */
export const MeConflict = Type.Object({ ...Failure.properties, current: Me }, {
  title: 'Account conflict', description: 'The account has changed; `current` is its current state'
})

export const PhoneChangeBody = Type.Object({
  phone_number: PhoneNumber, locale: Type.Optional(Locale), channel: Type.Optional(Channel), app_hash: Type.Optional(AppHash)
}, closed)
export const PhoneChangeVerifyBody = Type.Object({
  otp: Otp,
  take_over: Type.Optional(Type.Boolean({
    description: 'Moves the number although another account has it, as 409 `CHR_PHONE_TAKEN` says. That account loses its number, sessions ' +
      'and trusted devices, and is deleted after 30 days.'
  }))
}, closed)
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
    address: Type.Union([Type.String(), Type.Null()], { description: 'Masked; the full address is not stored' })
  })),
  devices: Type.Array(Type.Object({ created_at: Timestamp, expires_at: Timestamp }), {
    description: 'Trusted devices: clients that signed in. Only a hash of the token of each is stored.'
  }),
  pending_phone_change: Type.Union([Type.Object({ phone_number: Type.String(), requested_at: Timestamp }), Type.Null()]),
  creatives: Type.Array(CreativeReply)
}, { title: 'Export' })
