import type { CheershareClient } from './http.ts'
import type { Delivery } from './login-state.ts'

/** Pauses in milliseconds before each request for the state of an SMS. Most SMS arrive within ten seconds, and receipts soon after. */
const usualPauses: readonly number[] = [2000, 3000, 5000, 8000, 12_000, 15_000, 15_000, 15_000, 15_000, 15_000]

/**
 * Asks for the state of an SMS until it is final, the pauses are used up or the caller stops it. A request that fails is left out, because
 * the login does not depend on it.
 * @returns a function that stops it
 */
export function watchDelivery (
  client: CheershareClient, id: string, onChange: (delivery: Delivery) => void, pausesMs = usualPauses
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  const pauses = pausesMs.values()

  async function ask (): Promise<void> {
    const { data } = await client.GET('/deliveries/{id}', { params: { path: { id } } })
    if (isStopped) return
    if (data !== undefined) onChange(data)
    if (data?.status !== 'delivered' && data?.status !== 'failed') wait()
  }

  function wait (): void {
    const { value, done } = pauses.next()
    if (done !== true) timer = setTimeout(() => { ask().catch(wait) }, value)
  }

  wait()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
