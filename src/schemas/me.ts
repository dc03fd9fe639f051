import { Type } from '@sinclair/typebox'
import { AppHash, Channel, closed, Failure, Id, Locale, Name, nullable, Otp, PhoneNumber, Timestamp, TimeZone } from './common.ts'
import { CreativeReply } from './creatives.ts'
import { UserReply } from './login.ts'

export const Me = Type.Object({
  ...UserReply.properties,
  time_zone: nullable(TimeZone, {
    description: 'Time zone that decides which day "today" is; the default of the service when null'
  }),
  language: nullable(Type.String(), { description: 'Language of the SMS of the last login', examples: ['en'] }),
  is_test: Type.Boolean({ description: 'Created by the fixed code of a test number', examples: [false] })
}, { title: 'Account' })

/** The session of the request. `expires_at` is the end that is stored; the use of this request may move it further. */
const OwnSession = Type.Object({
  id: Id('Id of the session'),
  expires_at: Type.String({
    format: 'date-time',
    description: 'RFC 3339, UTC; at least until then the session is valid without use, and each use extends it',
    examples: ['2026-12-21T09:30:00.000Z']
  }),
  ends_at: Type.String({
    format: 'date-time', description: 'RFC 3339, UTC; no use extends the session beyond it', examples: ['2027-02-19T09:30:00.000Z']
  })
}, { title: 'Own session' })

/** Reply of `GET /me`. */
export const CurrentReply = Type.Object({ data: Me, session: OwnSession }, { title: 'Own account and session' })

export const MeReply = Type.Object({ data: Me }, { title: 'Own account' })

export const MePatch = Type.Object({
  name: Type.Optional(Name),
  time_zone: Type.Optional(nullable(TimeZone)),
  version: Type.Integer({
    minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; the change is refused if it is not the current one'
  })
}, { ...closed, title: 'Account patch', examples: [{ name: 'Asha', time_zone: 'Asia/Kolkata', version: 1 }] })

/** 409 of `PATCH /me`. */
export const MeConflict = Type.Object({ ...Failure.properties, current: Me }, {
  title: 'Account conflict', description: 'The account has changed; `current` is its current state'
})

export const PhoneChangeBody = Type.Object({
  phone_number: PhoneNumber, locale: Type.Optional(Locale), channel: Type.Optional(Channel), app_hash: Type.Optional(AppHash)
}, { ...closed, title: 'Phone number change', examples: [{ phone_number: '+918123456780' }] })
export const PhoneChangeVerifyBody = Type.Object({
  otp: Otp,
  take_over: Type.Optional(Type.Boolean({
    description: 'Moves the number although another account has it, as 409 `CHR_PHONE_TAKEN` says. That account loses its number, sessions ' +
      'and trusted devices, and is deleted after 30 days.'
  }))
}, { ...closed, title: 'Phone number verification', examples: [{ otp: '123456' }] })
export const Done = Type.Object({ success: Type.Literal(true), message: Type.String({ examples: ['Account deleted'] }) }, { title: 'Done' })

export const ExportReply = Type.Object({
  exported_at: Timestamp,
  user: Me,
  sessions: Type.Array(Type.Object({
    id: Id('Id of the session', 17),
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    user_agent: nullable(Type.String({ examples: ['curl/8.5.0'] })),
    address: nullable(Type.String(), { description: 'Masked; the full address is not stored', examples: ['203.0.113.x'] })
  })),
  devices: Type.Array(Type.Object({ created_at: Timestamp, expires_at: Timestamp }), {
    description: 'Trusted devices: clients that signed in. Only a hash of the token of each is stored.'
  }),
  pending_phone_change: nullable(Type.Object({ phone_number: Type.String({ examples: ['+918123456780'] }), requested_at: Timestamp })),
  creatives: Type.Array(CreativeReply)
}, { title: 'Export' })
