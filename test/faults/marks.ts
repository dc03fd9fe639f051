import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export interface MarkReader {
  /**
   * Resolves to the deliveries whose marks say that they are inside a carrier call, with their numbers of attempts. The result is
   * exact while no service runs; it includes deliveries that an earlier kill interrupted and that no service has taken over.
   */
  readInterrupted (): Promise<Map<string, number>>
  /** Resolves to the number of deliveries in each state. */
  count (): Promise<Record<string, number>>
  close (): void
}

interface Mark { id: string, state: string, attempts: number }

/** Reads all marks in one script, so that they have the state of one moment. */
const readScript = `
local found = {}
for _, key in ipairs(redis.call('KEYS', 'delivery:{*}')) do
  table.insert(found, key)
  table.insert(found, redis.call('GET', key))
end
return found
`

/** Reads the marks that the service writes to its Redis. */
export function createMarkReader (url: string): MarkReader {
  const redis = new Redis(url)

  /** Redis reads all that a killed process wrote to its connections before it lists them as closed. */
  async function untilOnlyConnection (): Promise<void> {
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
    async readInterrupted () {
      await untilOnlyConnection()
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
