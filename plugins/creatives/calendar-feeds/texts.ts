import { setImmediate } from 'node:timers/promises'

/** About five full feeds with long captions. */
const maximumCharacters = 16 * 1024 * 1024
/** Events that are written in one turn of the event loop: about 8 ms with long captions. */
const partsPerTurn = 25

/** Texts of feeds by their entity tags. Requests for the same text share its writing. */
export interface FeedTexts {
  /** Returns the text of a tag; `write` yields its parts if the text is not known. */
  get (etag: string, write: () => Promise<Iterable<string>>): Promise<string>
}

/**
 * Creates a cache of texts. A full feed takes half a second of processor time, and calendar programs fetch it every hour: it is written
 * once for each change, and other requests are served meanwhile.
 */
export function createFeedTexts (): FeedTexts {
  const texts = new Map<string, Promise<string>>()
  const lengths = new Map<string, number>()
  let characters = 0

  function evict (): void {
    for (const [etag, length] of lengths) {
      if (characters <= maximumCharacters) return
      characters -= length
      lengths.delete(etag)
      texts.delete(etag)
    }
  }

  async function join (write: () => Promise<Iterable<string>>): Promise<string> {
    const parts: string[] = []
    for (const part of await write()) if (parts.push(part) % partsPerTurn === 0) await setImmediate()
    return parts.join('')
  }

  async function store (etag: string, write: () => Promise<Iterable<string>>): Promise<string> {
    try {
      const text = await join(write)
      characters += text.length
      lengths.set(etag, text.length)
      evict()
      return text
    } catch (error) {
      texts.delete(etag)
      throw error
    }
  }

  return {
    async get (etag, write) {
      const text = texts.get(etag) ?? store(etag, write)
      texts.set(etag, text)
      return await text
    }
  }
}
