import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { formOf, formType, imageForm, creativeForm } from '../support/forms.ts'
import { hashOf } from './viewer.ts'

/** Concurrent requests of one user. */
const lanes = 2
const pauseMs = 30
/** Pause after a request without an answer. */
const retryMs = 200
const photoCount = 12

/** The creatives of a user, by the answers that the user received. */
export interface Answered {
  /** Uploads answered 200 for which no delete was requested. */
  stored: Set<number>
  /** Deletes answered 204. */
  deleted: Set<number>
  /** SHA-256 of the images that each creative may show: the last one answered 200, and later ones without an answer. */
  images: Map<number, Set<string>>
}

export interface Uploaders {
  /** The creatives of each user, by token. */
  answered: ReadonlyMap<string, Answered>
  readonly requests: number
  readonly unanswered: number
  /** Uploads and replacements that were answered 200. */
  readonly accepted: number
  stop (): Promise<void>
}

/** Creates different photos of about 100 KB, whose upload takes long enough to be killed at many points. */
export async function createPhotos (): Promise<Array<Buffer<ArrayBuffer>>> {
  return await Promise.all(Array.from({ length: photoCount }, async (_, number) => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 + number }
    const photo = await sharp({
      create: { width: 600, height: 400 + number, channels: 3, background: '#808080', noise }
    }).jpeg({ quality: 90 }).toBuffer()
    return Buffer.from(photo)
  }))
}

/** Uploads, replaces and deletes images for each user (by token) until it is stopped. Requests without an answer are not retried. */
export function startUploaders (url: string, tokens: readonly string[], photos: ReadonlyArray<Buffer<ArrayBuffer>>): Uploaders {
  const answered = new Map(tokens.map((token): [string, Answered] => [token, { stored: new Set(), deleted: new Set(), images: new Map() }]))
  const stopping = new AbortController()
  let requests = 0
  let unanswered = 0
  let accepted = 0
  /** Number of replacements in flight by creative. */
  const inFlight = new Map<number, number>()

  async function ask (token: string, method: string, path: string, body?: Buffer): Promise<{ status: number, id: number } | undefined> {
    requests += 1
    try {
      const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': formType }) }
      const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body: Uint8Array.from(body) }) })
      const text = await response.text()
      const { creative } = text === '' ? {} : JSON.parse(text) as { creative?: { id: number } }
      return { status: response.status, id: creative?.id ?? 0 }
    } catch {
      unanswered += 1
      await sleep(retryMs)
      return undefined
    }
  }

  const photo = () => photos[randomInt(photos.length)] ?? Buffer.alloc(0)

  async function add (token: string, { stored, images }: Answered): Promise<void> {
    const file = photo()
    const answer = await ask(token, 'POST', '/upload-creative', formOf(creativeForm({ file })))
    if (answer?.status !== 200) return
    accepted += 1
    stored.add(answer.id)
    images.set(answer.id, new Set([hashOf(file)]))
  }

  async function replace (token: string, id: number, { images }: Answered): Promise<void> {
    const file = photo()
    const before = images.get(id) ?? new Set()
    const possible = new Set([...before, hashOf(file)])
    images.set(id, possible)
    const others = inFlight.get(id) ?? 0
    inFlight.set(id, others + 1)
    const answer = await ask(token, 'PUT', `/creatives/${id}/image`, formOf(imageForm(file)))
    inFlight.set(id, (inFlight.get(id) ?? 1) - 1)
    if (answer?.status !== 200) return
    accepted += 1
    // The order of two concurrent replacements is unknown.
    if (others === 0 && images.get(id) === possible) images.set(id, new Set([hashOf(file)]))
  }

  async function act (token: string, own: Answered): Promise<void> {
    const { stored, deleted } = own
    // The creative is chosen at random: if it were always the oldest, the next replacement would soon hide the damage of the
    // previous one.
    const id = [...stored][randomInt(Math.max(1, stored.size))]
    const choice = stored.size < 3 || id === undefined ? 0 : randomInt(4)
    if (choice < 2 || id === undefined) return await add(token, own)
    if (choice === 2) return await replace(token, id, own)
    // Its state is unknown until the answer arrives.
    stored.delete(id)
    if ((await ask(token, 'DELETE', `/creatives/${id}`))?.status === 204) deleted.add(id)
  }

  const running = Promise.all([...answered].flatMap(([token, own]) => Array.from({ length: lanes }, async () => {
    while (!stopping.signal.aborted) {
      await act(token, own)
      await sleep(pauseMs)
    }
  })))
  return {
    answered,
    get requests () { return requests },
    get unanswered () { return unanswered },
    get accepted () { return accepted },
    async stop () {
      stopping.abort()
      await running
    }
  }
}
