import { createHmac } from 'node:crypto'

const prefix = 'whsec_'
/** Bounds of a key in the standard, in bytes. */
const shortest = 24
const longest = 64

/** Parses a secret of Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes; returns `undefined` for any other text. */
export function parseWebhookSecret (secret: string): Buffer | undefined {
  const text = secret.slice(prefix.length)
  const key = Buffer.from(text, 'base64')
  const isWellFormed = secret.startsWith(prefix) && key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isWellFormed && key.length >= shortest && key.length <= longest ? key : undefined
}

export interface SignedContent {
  /** The same for all attempts. */
  id: string
  /** Seconds since the epoch. */
  timestamp: number
  body: string
}

/**
 * Returns the headers that authenticate a webhook, with one signature for each key.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders (keys: readonly Buffer[], { id, timestamp, body }: SignedContent) {
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') }
}
