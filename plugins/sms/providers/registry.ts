import { twilio } from './twilio/definition.ts'
import { webhook } from './webhook/definition.ts'

/** The SMS providers that SMS_PROVIDERS may name. Adding one takes a folder with its definition, and a line here. */
export const providers = [
  twilio,
  webhook
] as const
