import { setTimeout as sleep } from 'node:timers/promises'

const drivers = 8
/** Sign-ups at once of one driver. All drivers' together are more than the service sends at once, so that some wait. */
const burst = 12
const pauseMs = 700
const retryMs = 40

export interface Load {
  /** When each number's sign-up was first answered 200, milliseconds since the epoch. */
  accepted: ReadonlyMap<string, number>
  /** Requests whose answer never came, or was a 503; each was repeated until it was 200. */
  readonly repeated: number
  stop (): Promise<void>
}

/** Signs distinct numbers up, several at once; as clients do, a request without an answer is repeated. */
export function startLoad (url: string): Load {
  const accepted = new Map<string, number>()
  let repeated = 0
  let next = 0
  const stopping = new AbortController()

  async function signUp (phone: string): Promise<void> {
    const body = JSON.stringify({ name: 'Asha', phone_number: phone })
    const headers = { 'content-type': 'application/json' }
    for (;;) {
      const status = await fetch(`${url}/signup`, { method: 'POST', body, headers }).then(async (response) => {
        await response.arrayBuffer()
        return response.status
      }).catch(() => undefined)
      if (status === 200) break
      if (status !== undefined && status !== 503) throw new Error(`POST /signup answered ${status}`)
      repeated += 1
      await sleep(retryMs)
    }
    accepted.set(phone, Date.now())
  }

  async function drive (): Promise<void> {
    while (!stopping.signal.aborted) {
      await Promise.all(Array.from({ length: burst }, async () => { await signUp(`+9198${String(next++).padStart(8, '0')}`) }))
      await sleep(pauseMs)
    }
  }

  const running = Promise.all(Array.from({ length: drivers }, drive))
  return {
    accepted,
    get repeated () { return repeated },
    async stop () {
      stopping.abort()
      await running
    }
  }
}
