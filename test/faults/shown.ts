import { createHash } from 'node:crypto'

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
    const response = await fetch(`${url}/creatives?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers })
    if (!response.ok) throw new Error(`GET /creatives answered ${response.status}`)
    const { creatives, next_cursor: next } = await response.json() as { creatives: Listed[], next_cursor: string | null }
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

async function fetchWhole (address: string): Promise<Buffer | undefined> {
  const response = await fetch(address)
  const body = await response.arrayBuffer().catch(() => undefined)
  const isWhole = response.status === 200 && body !== undefined && body.byteLength > 0 && body.byteLength === Number(response.headers.get('content-length'))
  return isWhole ? Buffer.from(body) : undefined
}

export function hashOf (image: Buffer): string {
  return createHash('sha256').update(image).digest('hex')
}
