import { setTimeout as sleep } from 'node:timers/promises'

const clientCount = 8
/** Concurrent sign-ups of one client. All together exceed the service's concurrency for SMS, so that some wait in the queue. */
const burst = 12
const pauseMs = 700
/** Pause before a retry, so that requests do not slow the start of the service down. */
const retryMs = 200

export interface Accepted {
  /** Time of the first 200, in milliseconds since the epoch. */
  at: number
  deliveryId: string
}

export interface Load {
  /** Accepted sign-ups, by phone number. */
  accepted: ReadonlyMap<string, Accepted>
  /** Number of retries after a missing answer or a 503. */
  readonly repeated: number
  stop (): Promise<void>
}

/** Signs up distinct numbers from several clients, which retry requests without an answer. */
export function startLoad (url: string): Load {
  const accepted = new Map<string, Accepted>()
  let repeated = 0
  let next = 0
  const stopping = new AbortController()

  /** Resolves to undefined if the answer did not arrive completely. */
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

  async function runClient (): Promise<void> {
    while (!stopping.signal.aborted) {
      await Promise.all(Array.from({ length: burst }, async () => { await signUp(`+9198${String(next++).padStart(8, '0')}`) }))
      await sleep(pauseMs)
    }
  }

  const running = Promise.all(Array.from({ length: clientCount }, runClient))
  return {
    accepted,
    get repeated () { return repeated },
    async stop () {
      stopping.abort()
      await running
    }
  }
}
