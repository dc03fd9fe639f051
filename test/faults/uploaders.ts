import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { formOf, formType, imageForm, creativeForm } from '../forms.ts'

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
}

export interface Uploaders {
  told: ReadonlyMap<string, Told>
  readonly requests: number
  readonly unanswered: number
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
  const told = new Map(tokens.map((token): [string, Told] => [token, { kept: new Set(), deleted: new Set() }]))
  const stopping = new AbortController()
  let requests = 0
  let unanswered = 0

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

  async function act (token: string, { kept, deleted }: Told): Promise<void> {
    const [id] = [...kept]
    const choice = kept.size < 3 || id === undefined ? 0 : randomInt(4)
    if (choice < 2 || id === undefined) {
      const answer = await ask(token, 'POST', '/upload-creative', formOf(creativeForm({ file: photo() })))
      if (answer?.status === 200) kept.add(answer.id)
    } else if (choice === 2) {
      await ask(token, 'PUT', `/creatives/${id}/image`, formOf(imageForm(photo())))
    } else {
      // From here on nobody may rely on it.
      kept.delete(id)
      if ((await ask(token, 'DELETE', `/creatives/${id}`))?.status === 204) deleted.add(id)
    }
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
    async stop () {
      stopping.abort()
      await running
    }
  }
}
