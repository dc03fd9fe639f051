import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { formOf, formType, imageForm, creativeForm } from '../support/forms.ts'
import { hashOf } from './shown.ts'

/** Requests at once of one user. */
const lanes = 2
const pauseMs = 30
/** A service that is gone is not asked again at once. */
const goneMs = 200
const photoCount = 12

/** What a user was told about a creative. */
export interface Told {
  /** Answered 200, and no delete was ever asked for. */
  kept: Set<number>
  /** Answered 204. */
  deleted: Set<number>
  /** SHA-256 of what each creative may show: the image that was answered 200 last, and those of which nobody heard. */
  images: Map<number, Set<string>>
}

export interface Uploaders {
  told: ReadonlyMap<string, Told>
  readonly requests: number
  readonly unanswered: number
  /** Uploads and replacements that were answered 200. */
  readonly takenIn: number
  stop (): Promise<void>
}

/** Photos that differ, of some 100 KB, so that taking one in has many places to be killed at. */
export async function createPhotos (): Promise<Array<Buffer<ArrayBuffer>>> {
  return await Promise.all(Array.from({ length: photoCount }, async (_, number) => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 + number }
    const photo = await sharp({ create: { width: 600, height: 400 + number, channels: 3, background: '#808080', noise } }).jpeg({ quality: 90 }).toBuffer()
    return Buffer.from(photo)
  }))
}

/** Uploads, replaces and deletes for each user (by token) until it is stopped; requests that nobody answers are given up. */
export function startUploaders (url: string, tokens: readonly string[], photos: ReadonlyArray<Buffer<ArrayBuffer>>): Uploaders {
  const told = new Map(tokens.map((token): [string, Told] => [token, { kept: new Set(), deleted: new Set(), images: new Map() }]))
  const stopping = new AbortController()
  let requests = 0
  let unanswered = 0
  let takenIn = 0
  /** Replacements by creative. */
  const underWay = new Map<number, number>()

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
      await sleep(goneMs)
      return undefined
    }
  }

  const photo = () => photos[randomInt(photos.length)] ?? Buffer.alloc(0)

  async function add (token: string, { kept, images }: Told): Promise<void> {
    const file = photo()
    const answer = await ask(token, 'POST', '/upload-creative', formOf(creativeForm({ file })))
    if (answer?.status !== 200) return
    takenIn += 1
    kept.add(answer.id)
    images.set(answer.id, new Set([hashOf(file)]))
  }

  async function replace (token: string, id: number, { images }: Told): Promise<void> {
    const file = photo()
    const before = images.get(id) ?? new Set()
    const possible = new Set([...before, hashOf(file)])
    images.set(id, possible)
    const others = underWay.get(id) ?? 0
    underWay.set(id, others + 1)
    const answer = await ask(token, 'PUT', `/creatives/${id}/image`, formOf(imageForm(file)))
    underWay.set(id, (underWay.get(id) ?? 1) - 1)
    if (answer?.status !== 200) return
    takenIn += 1
    // With another replacement at the same time, nobody knows which came last.
    if (others === 0 && images.get(id) === possible) images.set(id, new Set([hashOf(file)]))
  }

  async function act (token: string, own: Told): Promise<void> {
    const { kept, deleted } = own
    // Any of them: were it always the oldest, the next replacement would soon cover up what the one before broke.
    const id = [...kept][randomInt(Math.max(1, kept.size))]
    const choice = kept.size < 3 || id === undefined ? 0 : randomInt(4)
    if (choice < 2 || id === undefined) return await add(token, own)
    if (choice === 2) return await replace(token, id, own)
    // From here on nobody may rely on it.
    kept.delete(id)
    if ((await ask(token, 'DELETE', `/creatives/${id}`))?.status === 204) deleted.add(id)
  }

  const running = Promise.all([...told].flatMap(([token, own]) => Array.from({ length: lanes }, async () => {
    while (!stopping.signal.aborted) {
      await act(token, own)
      await sleep(pauseMs)
    }
  })))
  return {
    told,
    get requests () { return requests },
    get unanswered () { return unanswered },
    get takenIn () { return takenIn },
    async stop () {
      stopping.abort()
      await running
    }
  }
}
