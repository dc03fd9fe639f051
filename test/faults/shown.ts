import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const maximumAttempts = 20
const attemptEveryMs = 500

interface Listed { id: number, creative_url: string, preview_url: string, thumbnail_url: string }

export interface Shown {
  /** Ids of a user's creatives as they are listed. */
  ids: Set<number>
  /** SHA-256 of the originals that were had whole, in hexadecimal digits, by id. */
  originals: Map<number, string>
  /** Addresses of images that were listed and could not be had whole. */
  broken: string[]
}

/** Lists a user's creatives, up to so many pages, and fetches their images, as an app that shows them would. */
export async function look (url: string, token: string, maximumPages = Infinity): Promise<Shown> {
  const headers = { authorization: `Bearer ${token}` }
  const shown: Shown = { ids: new Set(), originals: new Map(), broken: [] }
  let cursor: string | null = ''
  for (let page = 0; page < maximumPages && cursor !== null; page++) {
    const { creatives, next_cursor: next } = await list(`${url}/creatives?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`, headers)
    for (const creative of creatives) {
      shown.ids.add(creative.id)
      for (const address of [creative.creative_url, creative.preview_url, creative.thumbnail_url]) {
        const image = await fetchWhole(address)
        if (image === undefined) shown.broken.push(address)
        else if (address === creative.creative_url) shown.originals.set(creative.id, hashOf(image))
      }
    }
    cursor = next
  }
  return shown
}

interface Page { creatives: Listed[], next_cursor: string | null }

/** A service that was just started, beside all that the one before it left running, may say for a while that it is busy. */
async function list (address: string, headers: Record<string, string>, attempt = 1): Promise<Page> {
  const response = await fetch(address, { headers })
  if (response.ok) return await response.json() as Page
  await response.body?.cancel()
  if (response.status !== 503 || attempt === maximumAttempts) throw new Error(`GET /creatives answered ${response.status}`)
  await sleep(attemptEveryMs)
  return await list(address, headers, attempt + 1)
}

async function fetchWhole (address: string): Promise<Buffer | undefined> {
  const response = await fetch(address)
  const body = await response.arrayBuffer().catch(() => undefined)
  const isWhole = response.status === 200 && body !== undefined && body.byteLength > 0 && body.byteLength === Number(response.headers.get('content-length'))
  return isWhole ? Buffer.from(body) : undefined
}

export function hashOf (image: Buffer): string {
  return createHash('sha256').update(image).digest('hex')
}
