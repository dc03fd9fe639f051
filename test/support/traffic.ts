import { randomInt } from 'node:crypto'
import { fetch, FormData, type Dispatcher } from 'undici'
import { images } from '../fixtures/images.ts'
import type { Fleet } from './fleet.ts'
import { nextWeek } from './forms.ts'
import { createPhone } from './helper.ts'
import { until, waitLimitMs } from './polling.ts'

/** Counts of answered requests by kind, and what went wrong. */
export interface Traffic {
  readonly counts: Record<'login' | 'upload' | 'image', number>
  readonly failures: string[]
  /** Resolves once all requests are answered. */
  stop (): Promise<void>
}

const tickMs = 100
/** Sign-ups of each tick, which are two requests each; with an upload and three images, a tick has ten requests. */
const signUpsPerTick = 3
const imagesPerTick = 3
/** Ticks are left out while this many users wait, so that a slow machine is not overwhelmed. */
const maximumWaiting = 30

/** Sends about 100 requests a second: sign-ups with their codes, uploads, and downloads of images. */
export async function startTraffic (url: string, { carrier }: Fleet, dispatcher: Dispatcher): Promise<Traffic> {
  const counts = { login: 0, upload: 0, image: 0 }
  const failures: string[] = []
  const running = new Set<Promise<void>>()
  async function ask (kind: keyof typeof counts, path: string, init: Parameters<typeof fetch>[1] = {}): Promise<string> {
    const response = await fetch(`${url}${path}`, { ...init, dispatcher, signal: AbortSignal.timeout(waitLimitMs) })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 200)}`)
    counts[kind] += 1
    return text
  }

  const post = async (path: string, body: object) =>
    await ask('login', path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  async function signUp (): Promise<string> {
    const phone = createPhone()
    await post('/signup', { name: 'Asha', phone_number: phone })
    await until('the SMS arrives', () => carrier.messages({ to: phone }).length > 0)
    const otp = /\d{4,10}/.exec(carrier.messages({ to: phone })[0]?.body ?? '')?.[0]
    return `Bearer ${(JSON.parse(await post('/verify', { phone_number: phone, otp })) as { token: string }).token}`
  }

  async function upload (authorization: string): Promise<string> {
    const body = new FormData()
    body.append('scheduled_at', nextWeek())
    body.append('file', new Blob([new Uint8Array(images.png)], { type: 'image/png' }), `${randomInt(1e9)}.png`)
    const text = await ask('upload', '/upload-creative', { method: 'POST', headers: { authorization }, body })
    const { creative } = JSON.parse(text) as { creative: { creative_url: string } }
    const { pathname, search } = new URL(creative.creative_url)
    return `${pathname}${search}`
  }

  function run (kind: keyof typeof counts, work: () => Promise<unknown>): void {
    const request = work().then(() => {}, (error: Error) => { failures.push(`${kind}: ${error.message} ${String(error.cause ?? '')}`) })
      .finally(() => running.delete(request))
    running.add(request)
  }

  // Each new user uploads, because a user may upload only some images a day.
  let authorization = await signUp()
  let imagePath = await upload(authorization)
  const timer = setInterval(() => {
    if (running.size > maximumWaiting) return
    for (let count = 0; count < signUpsPerTick; count++) run('login', async () => { authorization = await signUp() })
    run('upload', async () => { imagePath = await upload(authorization) })
    for (let count = 0; count < imagesPerTick; count++) run('image', async () => await ask('image', imagePath))
  }, tickMs)
  return {
    counts,
    failures,
    async stop () {
      clearInterval(timer)
      await Promise.all(running)
    }
  }
}
