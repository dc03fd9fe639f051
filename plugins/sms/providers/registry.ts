import { twilio } from './twilio/definition.ts'
import { webhook } from './webhook/definition.ts'

/** The SMS providers that SMS_PROVIDERS may name. To add one, create a folder with its definition and add a line here. */
export const providers = [
  twilio,
  webhook
] as const
