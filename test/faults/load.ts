import { setTimeout as sleep } from 'node:timers/promises'

const drivers = 8
/** Sign-ups at once of one driver. All drivers' together are more than the service sends at once, so that some wait. */
const burst = 12
const pauseMs = 700
/** Requests against a service that starts take its machine's time. */
const retryMs = 200

export interface Accepted {
  /** When the sign-up was first answered 200, milliseconds since the epoch. */
  at: number
  deliveryId: string
}

export interface Load {
  /** By number. */
  accepted: ReadonlyMap<string, Accepted>
  /** Requests whose answer never came, or was a 503; each was repeated until it was 200. */
  readonly repeated: number
  stop (): Promise<void>
}

/** Signs distinct numbers up, several at once; as clients do, a request without an answer is repeated. */
export function startLoad (url: string): Load {
  const accepted = new Map<string, Accepted>()
  let repeated = 0
  let next = 0
  const stopping = new AbortController()

  /** Nothing where the answer did not arrive whole. */
  async function post (body: string): Promise<{ status: number, deliveryId: string } | undefined> {
    try {
      const response = await fetch(`${url}/signup`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
      const { delivery_id: deliveryId = '' } = await response.json() as { delivery_id?: string }
      return { status: response.status, deliveryId }
    } catch {
      return undefined
    }
  }

  async function signUp (phone: string): Promise<void> {
    const body = JSON.stringify({ name: 'Asha', phone_number: phone })
    for (;;) {
      const answer = await post(body)
      if (answer?.status === 200) {
        accepted.set(phone, { at: Date.now(), deliveryId: answer.deliveryId })
        return
      }
      if (answer !== undefined && answer.status !== 503) throw new Error(`POST /signup answered ${answer.status}`)
      repeated += 1
      await sleep(retryMs)
    }
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
