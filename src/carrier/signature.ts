import { createHmac } from 'node:crypto'

/**
 * `X-Twilio-Signature` of a callback: HMAC-SHA1 under the auth token over the URL as the sender of the message
 * gave it, followed by each field's name and value in the order of the names, in base64.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function signatureOf (authToken: string, url: string, form: Record<string, string>): string {
  const fields = Object.keys(form).toSorted().map((name) => `${name}${form[name]}`)
  return createHmac('sha1', authToken).update([url, ...fields].join('')).digest('base64')
}
