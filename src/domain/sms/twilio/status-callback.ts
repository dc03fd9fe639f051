/** Where Twilio reports what became of a message. */
export const statusCallbackPath = '/webhooks/twilio/status'

/**
 * Twilio tries again where we could not be reached or answered 5xx, up to three times; it neither sends nor signs the
 * fragment that says so.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const retries = '#rc=3&rp=ct,rt,5xx'

/** `publicUrl` has no slash at its end. */
export function statusCallbackUrl (publicUrl: string, deliveryId: string): string {
  return `${publicUrl}${statusCallbackPath}?delivery=${deliveryId}${retries}`
}
