import { isDeepStrictEqual } from 'node:util'
import { demoImage, commentedImage } from './demo-image.ts'

/** A step of the demo failed. */
export class DemoError extends Error {}

export interface DemoOptions {
  /** Base URL of a service with its inbox enabled. */
  url: string
  /** A number without an account. */
  phone: string
  say (line: string): void
}

interface Uploaded { id: number, creative_url: string, preview_url: string, removed: string[] }

/**
 * Runs every step of a client, from sign-up to the scheduled image, and checks each reply.
 * @throws {DemoError} at the first step that fails
 */
export async function runDemo ({ url, phone, say }: DemoOptions): Promise<void> {
  const json = { 'content-type': 'application/json' }
  const post = async (path: string, body: object) => await call(`${url}${path}`, {
    method: 'POST', headers: json, body: JSON.stringify(body)
  })

  say(`1. Sign up ${phone}`)
  const sent = await post('/signup', { name: 'Demo', phone_number: phone })
  check(sent['success'] === true, 'sign-up sends a code')

  say('2. Read the SMS in the inbox')
  const text = await untilSms(`${url}/dev/inbox.json?to=${encodeURIComponent(phone)}`)
  say(`   "${text}"`)
  const otp = /\b\d{4,10}\b/.exec(text)?.[0]

  say('3. Wait until the SMS is delivered')
  const delivery = `${url}/deliveries/${String(sent['delivery_id'])}`
  const isDelivered = async () => (await call(delivery, {}))['status'] === 'delivered' ? true : undefined
  await pollFor5Seconds(isDelivered, 'the SMS is reported as delivered')
  say('   delivered')

  say('4. Verify the code and receive a token')
  const verified = await post('/verify', { phone_number: phone, otp })
  const token = String(verified['token'])
  check(/^[A-Z2-7]{26}$/.test(token), '/verify returns a token')
  const headers = { authorization: `Bearer ${token}` }
  check(isDeepStrictEqual(await call(`${url}/protected`, { headers }), { data: 'Protected' }), '/protected accepts the token')

  say('5. Upload an image for today')
  const form = new FormData()
  form.append('scheduled_at', new Date().toISOString().slice(0, 10))
  form.append('tz', 'UTC')
  form.append('file', new Blob([commentedImage], { type: 'image/png' }), 'demo.png')
  const { creative } = await call(`${url}/upload-creative`, { method: 'POST', headers, body: form }) as { creative: Uploaded }
  check(isDeepStrictEqual(creative.removed, ['text']), 'the comment inside the image is removed')
  say(`   removed from the image: ${creative.removed.join(', ')}`)

  say('6. List the scheduled images')
  const { scheduled_creatives: scheduled } = await call(`${url}/scheduled?tz=UTC&owner=me`, { headers }) as {
    scheduled_creatives: { today: Array<{ id: number }> }
  }
  check(scheduled.today.some(({ id }) => id === creative.id), 'the upload is listed for today')

  say('7. Fetch the image and its preview by their signed URLs')
  const image = await fetch(creative.creative_url)
  check(image.headers.get('content-type') === 'image/png', 'the image is served as PNG')
  check(Buffer.from(await image.arrayBuffer()).equals(demoImage), 'the image is served byte for byte, without the comment')
  const preview = await fetch(creative.preview_url)
  check(preview.ok && preview.headers.get('content-type') === 'image/webp', 'the preview is served as WebP')
  say(`   ${creative.preview_url}`)
  say('All steps succeeded.')
}

async function call (url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init)
  const body = await response.json() as Record<string, unknown>
  check(response.ok, `${new URL(url).pathname} answers 200 (it returned ${response.status}: ${String(body['error'])})`)
  return body
}

/** The SMS is sent after the reply, so it may arrive later. */
async function untilSms (inbox: string): Promise<string> {
  return await pollFor5Seconds(async () => {
    const { messages } = await call(inbox, {}) as { messages: Array<{ body: string }> }
    return messages[0]?.body
  }, 'the SMS arrives')
}

async function pollFor5Seconds<Found> (find: () => Promise<Found | undefined>, expectation: string): Promise<Found> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new DemoError(`expected: ${expectation} within 5 s`)
}

function check (isTrue: boolean, expectation: string): void {
  if (!isTrue) throw new DemoError(`expected: ${expectation}`)
}
