interface Listed { id: number, creative_url: string, preview_url: string, thumbnail_url: string }

export interface Shown {
  /** Ids of a user's creatives as they are listed. */
  ids: Set<number>
  /** Addresses of images that were listed and could not be had whole. */
  broken: string[]
}

/** Lists a user's creatives, up to so many pages, and fetches their images, as an app that shows them would. */
export async function look (url: string, token: string, maximumPages = Infinity): Promise<Shown> {
  const headers = { authorization: `Bearer ${token}` }
  const shown: Shown = { ids: new Set(), broken: [] }
  let cursor: string | null = ''
  for (let page = 0; page < maximumPages && cursor !== null; page++) {
    const response = await fetch(`${url}/creatives?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers })
    if (!response.ok) throw new Error(`GET /creatives answered ${response.status}`)
    const { creatives, next_cursor: next } = await response.json() as { creatives: Listed[], next_cursor: string | null }
    for (const creative of creatives) {
      shown.ids.add(creative.id)
      for (const address of [creative.creative_url, creative.preview_url, creative.thumbnail_url]) {
        if (!await isWhole(address)) shown.broken.push(address)
      }
    }
    cursor = next
  }
  return shown
}

async function isWhole (address: string): Promise<boolean> {
  const response = await fetch(address)
  const body = await response.arrayBuffer().catch(() => undefined)
  return response.status === 200 && body !== undefined && body.byteLength > 0 && body.byteLength === Number(response.headers.get('content-length'))
}
