import type { Carrier } from '../../../../src/carrier/index.ts'
import type { TwilioSettings } from './settings.ts'

/** The account that messages, receipts and feedback use. */
export interface TwilioAccount {
  sid: string | undefined
  authToken: string | undefined
  /** Replaces https://api.twilio.com; without a slash at its end. */
  baseUrl: string | undefined
  /** A phone number, in E.164. */
  sender: string | undefined
}

/** Returns the account of the emulator if it runs, else the configured one. */
export function findAccount (settings: TwilioSettings, emulator: Carrier | null): TwilioAccount {
  if (emulator !== null) return { sid: emulator.accountSid, authToken: emulator.authToken, baseUrl: emulator.url, sender: emulator.sender }
  return {
    sid: settings.accountSid,
    authToken: settings.authToken,
    baseUrl: settings.apiBaseUrl?.replace(/\/+$/, ''),
    sender: settings.phoneNumber
  }
}
