import { createHmac } from 'node:crypto'

/**
 * Computes `X-Twilio-Signature` of a callback: HMAC-SHA1 with the auth token over the URL as the sender of the message
 * gave it, followed by the name and value of each field, sorted by name; in base64.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function signCallback (authToken: string, url: string, form: Record<string, string>): string {
  const fields = Object.keys(form).toSorted().map((name) => `${name}${form[name]}`)
  return createHmac('sha1', authToken).update([url, ...fields].join('')).digest('base64')
}
