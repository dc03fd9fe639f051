import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export interface MarkReader {
  /**
   * The deliveries that are inside a carrier call by their marks, and how many attempts at each began. Asked while no
   * service runs, it is exact; those that an earlier kill cut off, and nobody took over yet, are among them.
   */
  readCut (): Promise<Map<string, number>>
  /** How many deliveries are in which state. */
  count (): Promise<Record<string, number>>
  close (): void
}

interface Mark { id: string, state: string, attempts: number }

/** One script, so that it is one moment. */
const readScript = `
local found = {}
for _, key in ipairs(redis.call('KEYS', 'delivery:{*}')) do
  table.insert(found, key)
  table.insert(found, redis.call('GET', key))
end
return found
`

/** Reads the marks of the service in its Redis. */
export function createMarkReader (url: string): MarkReader {
  const redis = new Redis(url)

  /** What a killed process had written to its connections is read before they count as closed. */
  async function untilAlone (): Promise<void> {
    while (String(await redis.client('LIST')).trim().split('\n').length > 1) await sleep(5)
  }

  async function read (): Promise<Mark[]> {
    const found = await redis.eval(readScript, 0) as string[]
    return Array.from({ length: found.length / 2 }, (_, index) => {
      const [key = '', text = ''] = found.slice(2 * index, 2 * index + 2)
      const { state, attempts } = JSON.parse(text) as Omit<Mark, 'id'>
      return { id: key.slice('delivery:{'.length, -1), state, attempts }
    })
  }

  return {
    async readCut () {
      await untilAlone()
      return new Map((await read()).filter(({ state }) => state === 'sending').map(({ id, attempts }) => [id, attempts]))
    },
    async count () {
      const counts: Record<string, number> = {}
      for (const { state } of await read()) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    close: () => { redis.disconnect() }
  }
}
