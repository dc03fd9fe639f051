import { isDeepStrictEqual } from 'node:util'
import { demoImage, notedImage } from './demo-image.ts'

/** An answer that is not as promised. */
export class DemoFailure extends Error {}

export interface DemoOptions {
  /** Base URL of a service with its inbox open. */
  url: string
  /** A number that nobody has. */
  phone: string
  say (line: string): void
}

interface Uploaded { id: number, creative_url: string, preview_url: string, removed: string[] }

/** @throws {DemoFailure} at the first step that is not as promised */
export async function runDemo ({ url, phone, say }: DemoOptions): Promise<void> {
  const json = { 'content-type': 'application/json' }
  const post = async (path: string, body: object) => await call(`${url}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })

  say(`1. Sign up ${phone}`)
  const sent = await post('/signup', { name: 'Demo', phone_number: phone })
  check(sent['success'] === true, 'sign-up sends a code')

  say('2. Read the SMS in the inbox')
  const text = await untilSms(`${url}/dev/inbox.json?to=${encodeURIComponent(phone)}`)
  say(`   "${text}"`)
  const otp = /\b\d{4,10}\b/.exec(text)?.[0]

  say('3. Ask what became of it')
  const delivery = `${url}/deliveries/${String(sent['delivery_id'])}`
  const isDelivered = async () => (await call(delivery, {}))['status'] === 'delivered' ? true : undefined
  await within5Seconds(isDelivered, 'the SMS is reported as delivered')
  say('   delivered')

  say('4. Verify the code, get a token')
  const verified = await post('/verify', { phone_number: phone, otp })
  const token = String(verified['token'])
  check(/^[A-Z2-7]{26}$/.test(token), 'verify answers a token')
  const headers = { authorization: `Bearer ${token}` }
  check(isDeepStrictEqual(await call(`${url}/protected`, { headers }), { data: 'Protected' }), 'the token opens /protected')

  say('5. Upload an image for today')
  const form = new FormData()
  form.append('scheduled_at', new Date().toISOString().slice(0, 10))
  form.append('tz', 'UTC')
  form.append('file', new Blob([notedImage], { type: 'image/png' }), 'demo.png')
  const { creative } = await call(`${url}/upload-creative`, { method: 'POST', headers, body: form }) as { creative: Uploaded }
  check(isDeepStrictEqual(creative.removed, ['text']), 'the note inside the image is taken out')
  say(`   taken out of it: ${creative.removed.join(', ')}`)

  say('6. List what is due')
  const { scheduled_creatives: due } = await call(`${url}/scheduled?tz=UTC&owner=me`, { headers }) as { scheduled_creatives: { today: Array<{ id: number }> } }
  check(due.today.some(({ id }) => id === creative.id), 'the upload is listed for today')

  say('7. Fetch the image and its preview by their signed addresses')
  const image = await fetch(creative.creative_url)
  check(image.headers.get('content-type') === 'image/png', 'the image is served as PNG')
  check(Buffer.from(await image.arrayBuffer()).equals(demoImage), 'the image comes back byte for byte, without the note')
  const preview = await fetch(creative.preview_url)
  check(preview.ok && preview.headers.get('content-type') === 'image/webp', 'the preview is served as WebP')
  say(`   ${creative.preview_url}`)
  say('Everything is as promised.')
}

async function call (url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init)
  const body = await response.json() as Record<string, unknown>
  check(response.ok, `${new URL(url).pathname} answers 200 (it answered ${response.status}: ${String(body['error'])})`)
  return body
}

/** Sending goes on after the answer, so the SMS may be a moment late. */
async function untilSms (inbox: string): Promise<string> {
  return await within5Seconds(async () => {
    const { messages } = await call(inbox, {}) as { messages: Array<{ body: string }> }
    return messages[0]?.body
  }, 'the SMS arrives')
}

async function within5Seconds<Found> (look: () => Promise<Found | undefined>, promise: string): Promise<Found> {
  for (let tries = 0; tries < 50; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new DemoFailure(`promised: ${promise} within 5 s`)
}

function check (isTrue: boolean, promise: string): void {
  if (!isTrue) throw new DemoFailure(`promised: ${promise}`)
}
