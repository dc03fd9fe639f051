import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const maximumAttempts = 20
const attemptEveryMs = 500

interface Listed { id: number, creative_url: string, preview_url: string, thumbnail_url: string }

export interface View {
  /** Ids of the user's listed creatives. */
  ids: Set<number>
  /** Hexadecimal SHA-256 of the original images that were fetched completely, by id. */
  originals: Map<number, string>
  /** URLs of listed images that could not be fetched completely. */
  broken: string[]
}

/** Lists a user's creatives, up to `maximumPages`, and fetches their images, as an app that shows them would. */
export async function viewCreatives (url: string, token: string, maximumPages = Infinity): Promise<View> {
  const headers = { authorization: `Bearer ${token}` }
  const view: View = { ids: new Set(), originals: new Map(), broken: [] }
  let cursor: string | null = ''
  for (let page = 0; page < maximumPages && cursor !== null; page++) {
    const { creatives, next_cursor: next } = await list(`${url}/creatives?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`, headers)
    for (const creative of creatives) {
      view.ids.add(creative.id)
      for (const address of [creative.creative_url, creative.preview_url, creative.thumbnail_url]) {
        const image = await fetchCompletely(address)
        if (image === undefined) view.broken.push(address)
        else if (address === creative.creative_url) view.originals.set(creative.id, hashOf(image))
      }
    }
    cursor = next
  }
  return view
}

interface Page { creatives: Listed[], next_cursor: string | null }

/** Lists one page; a 503 is retried, because a restarted service is busy for a while with the work of its predecessor. */
async function list (address: string, headers: Record<string, string>, attempt = 1): Promise<Page> {
  const response = await fetch(address, { headers })
  if (response.ok) return await response.json() as Page
  await response.body?.cancel()
  if (response.status !== 503 || attempt === maximumAttempts) throw new Error(`GET /creatives answered ${response.status}`)
  await sleep(attemptEveryMs)
  return await list(address, headers, attempt + 1)
}

async function fetchCompletely (address: string): Promise<Buffer | undefined> {
  const response = await fetch(address)
  const body = await response.arrayBuffer().catch(() => undefined)
  const isComplete = response.status === 200 && body !== undefined && body.byteLength > 0 &&
    body.byteLength === Number(response.headers.get('content-length'))
  return isComplete ? Buffer.from(body) : undefined
}

export function hashOf (image: Buffer): string {
  return createHash('sha256').update(image).digest('hex')
}
