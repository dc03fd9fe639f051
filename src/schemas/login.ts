import { Type } from '@sinclair/typebox'
import { deliveryIdPattern } from '../domain/sms/delivery-id.ts'
import { AppHash, Channel, closed, DeviceToken, Id, Locale, Moment, Name, oneOf, Otp, PhoneNumber, Timestamp } from './common.ts'

/** Where the session of a login lives. */
const SessionKind = oneOf(['token', 'cookie'], {
  description: 'Where the session lives: `token` in the reply, the default, or `cookie`, an HttpOnly cookie in place of `token`. A request for ' +
    'a cookie must come from a page of the service or of an exact origin in CORS_ORIGINS, or answers 403 `CHR_ORIGIN_REFUSED`'
})

/** `POST /signup`: without `otp` it requests a code, with `otp` it verifies one. */
export const SignupBody = Type.Object({
  name: Type.Optional(Name),
  phone_number: PhoneNumber,
  otp: Type.Optional(Otp),
  session: Type.Optional(SessionKind),
  device_token: Type.Optional(DeviceToken),
  locale: Type.Optional(Locale),
  channel: Type.Optional(Channel),
  app_hash: Type.Optional(AppHash)
}, { ...closed, title: 'Sign up request', examples: [{ name: 'Asha', phone_number: '+918123456789' }] })

/** `POST /login` */
export const LoginBody = Type.Object({
  phone_number: PhoneNumber,
  device_token: Type.Optional(DeviceToken),
  locale: Type.Optional(Locale),
  channel: Type.Optional(Channel),
  app_hash: Type.Optional(AppHash)
}, { ...closed, title: 'Log in request', examples: [{ phone_number: '+918123456789' }] })

/** `POST /verify` */
export const VerifyBody = Type.Object({
  phone_number: PhoneNumber,
  otp: Otp,
  name: Type.Optional(Name),
  session: Type.Optional(SessionKind),
  device_token: Type.Optional(DeviceToken)
}, { ...closed, title: 'Verify code request', examples: [{ phone_number: '+918123456789', otp: '123456' }] })

export const CodeSentReply = Type.Object({
  success: Type.Literal(true),
  message: Type.String({ examples: ['OTP sent successfully'] }),
  expires_in: Type.Integer({ description: 'Seconds until the code expires', examples: [300] }),
  resend_in: Type.Integer({ description: 'Seconds until another SMS may be requested', examples: [30] }),
  delivery_id: Type.String({
    description: 'Id of the SMS: `GET /deliveries/{id}` returns its state', pattern: deliveryIdPattern, examples: ['x5Zk0yB3mQhW2vTn8sLdRg']
  })
}, { title: 'Code sent' })

export const UserReply = Type.Object({
  id: Id('Id of the user'),
  created_at: Timestamp,
  name: Type.String({ examples: ['Asha'] }),
  phone_number: Type.String({ description: 'E.164', examples: ['+918123456789'] }),
  version: Type.Integer({ description: 'Increases with each change', examples: [1] })
}, { title: 'User' })

export const SignedInReply = Type.Object({
  success: Type.Literal(true),
  data: UserReply,
  message: Type.String({ examples: ['User registered successfully'] }),
  token: Type.Optional(Type.String({
    description: '26 characters of base32, for `Authorization: Bearer`; absent with a cookie', pattern: '^[A-Z2-7]{26}$', examples: ['MFRGGZDFMZTWQ2LKNNWG23TPOA']
  })),
  token_expires_at: Moment('the end of the session, which each use extends', '2026-12-21T09:30:00.000Z'),
  device_token: Type.String({
    description: 'Identifies this client for 90 days: store it and send it with the next `/login` and `/verify`', pattern: '^[A-Z2-7]{26}$', examples: ['ONSWG4TFOQQHI33LMVXA2ZDFMV']
  })
}, { title: 'Signed in' })
