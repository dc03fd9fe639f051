import { Type } from '@sinclair/typebox'
import { deliveryIdPattern } from '../domain/sms/delivery-id.ts'
import { closed, Channel, DeviceToken, Locale, Name, Otp, PhoneNumber, Timestamp } from './common.ts'

export const SignupBody = Type.Object({ name: Type.Optional(Name), phone_number: PhoneNumber, otp: Type.Optional(Otp), device_token: Type.Optional(DeviceToken), locale: Type.Optional(Locale), channel: Type.Optional(Channel) }, {
  ...closed, examples: [{ name: 'Asha', phone_number: '+918123456789' }]
})
export const LoginBody = Type.Object({ phone_number: PhoneNumber, device_token: Type.Optional(DeviceToken), locale: Type.Optional(Locale), channel: Type.Optional(Channel) }, closed)
export const VerifyBody = Type.Object({ phone_number: PhoneNumber, otp: Otp, name: Type.Optional(Name), device_token: Type.Optional(DeviceToken) }, {
  ...closed, examples: [{ phone_number: '+918123456789', otp: '123456' }]
})

export const CodeSentReply = Type.Object({
  success: Type.Literal(true),
  message: Type.String({ examples: ['OTP sent successfully'] }),
  expires_in: Type.Integer({ description: 'Seconds until the code is over', examples: [300] }),
  resend_in: Type.Integer({ description: 'Seconds until another SMS may be asked for', examples: [30] }),
  delivery_id: Type.String({ description: 'Of the SMS: `GET /deliveries/{id}` tells what became of it', pattern: deliveryIdPattern, examples: ['x5Zk0yB3mQhW2vTn8sLdRg'] })
}, { title: 'Code sent' })

export const UserReply = Type.Object({
  id: Type.Integer(),
  created_at: Timestamp,
  name: Type.String(),
  phone_number: Type.String({ description: 'E.164' }),
  version: Type.Integer({ description: 'Counts changes' })
}, { title: 'User' })

export const SignedInReply = Type.Object({
  success: Type.Literal(true),
  data: UserReply,
  message: Type.String({ examples: ['User registered successfully'] }),
  token: Type.String({ description: '26 characters of base32, for Authorization: Bearer', pattern: '^[A-Z2-7]{26}$' }),
  token_expires_at: Timestamp,
  device_token: Type.String({ description: 'To be kept by this client and sent with its next `/login` and `/verify`, for 90 days', pattern: '^[A-Z2-7]{26}$' })
}, { title: 'Signed in' })
