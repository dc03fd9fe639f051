import type { Carrier } from '../../../../src/carrier/index.ts'
import type { TwilioSettings } from './settings.ts'

/** The account that messages, receipts and feedback use. */
export interface TwilioAccount {
  sid: string | undefined
  /** Signs receipts; without it no receipts can be verified. */
  authToken: string | undefined
  /** The Authorization header of every request. */
  authorization: string
  /** Replaces https://api.twilio.com; without a slash at its end. */
  baseUrl: string | undefined
  /** A phone number, in E.164. */
  sender: string | undefined
}

/** Returns the account of the emulator if it runs, else the configured one. */
export function findAccount (settings: TwilioSettings, emulator: Carrier | null): TwilioAccount {
  if (emulator !== null) {
    const { accountSid: sid, authToken, url: baseUrl, sender } = emulator
    return { sid, authToken, authorization: formatBasic(sid, authToken), baseUrl, sender }
  }
  const { accountSid, authToken, apiKeySid, apiKeySecret } = settings
  return {
    sid: accountSid,
    authToken,
    authorization: apiKeySid === undefined ? formatBasic(accountSid, authToken) : formatBasic(apiKeySid, apiKeySecret),
    baseUrl: settings.apiBaseUrl?.replace(/\/+$/, ''),
    sender: settings.phoneNumber
  }
}

/** The user is the account SID with its auth token, or the SID of an API key with its secret. */
function formatBasic (user: string | undefined, password: string | undefined): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
