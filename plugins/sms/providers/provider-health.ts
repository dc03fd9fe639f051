import { createCallWindow } from './call-window.ts'
import { SmsError, type ProviderLog, type SmsFailure } from './contract.ts'
import { suspensionMs, type SuspensionCause, type SuspensionStore } from './suspension-store.ts'

/**
 * Decides whether a provider may be called. Two causes close it, each for its own time, after which one call is let
 * through as a probe:
 * - it refused the credentials or the sender (`suspension`): closed for a minute, shared with other instances;
 * - more than half of its recent calls had no reply (`outage`): closed for some seconds, on this instance only.
 */
export interface ProviderHealth {
  /** It refuses the credentials or the sender. */
  readonly isSuspended: boolean
  /**
   * Makes the call unless the provider is closed.
   * @throws {SmsError} of the call; `closed` without a call; `unreachable` without a call while the service closes
   */
  guard (call: () => Promise<string>): Promise<string>
  /** Suspends the provider because a receipt blames the credentials or the sender. */
  suspend (error: SmsError): Promise<void>
  /** Prevents further calls. Without this, jobs that wait for a probe would delay the shutdown. */
  close (): void
}

export interface HealthTimes {
  /** Only calls within this time count. Under a steady load an outage is detected after half of this time. */
  windowMs: number
  /** Time from an outage to the probe. */
  outageMs: number
  /** Fewer calls in the window do not show an outage. */
  minimumCalls: number
}

export const healthTimes: HealthTimes = { windowMs: 5000, outageMs: 5000, minimumCalls: 10 }

export interface ProviderHealthOptions {
  provider: string
  store: SuspensionStore
  now (): number
  log: ProviderLog
  /** False if this process sends no SMS: the processes that send adopt a suspension from the store and end it. */
  sends?: boolean
  /** Tests pass shorter times. */
  times?: HealthTimes
}

/** A larger share of failed calls is an outage. */
const maximumFailedShare = 0.5
/** Pause of a message that arrives while a probe is in flight. */
const probeMs = 1000

/** Least time between two reads of the suspensions that receipts caused on other instances. */
const learnMs = 5000

/** Why a provider is closed, and since when. */
interface Closure { since: number, durationMs: number, isProbed: boolean }

type Outcome = 'sent' | SmsFailure

export function createProviderHealth (options: ProviderHealthOptions): ProviderHealth {
  const { provider, store, now, log, sends = true, times: { windowMs, outageMs, minimumCalls } = healthTimes } = options
  const window = createCallWindow({ windowMs, minimumCalls, now })
  let suspension: Closure | undefined
  let outage: Closure | undefined
  let isClosing = false
  let learnedAt = -Infinity

  /** Milliseconds until the next call is allowed, 0 if it is allowed now; a clock that was set back ends the closure. */
  function remainingMs (closure: Closure): number {
    if (closure.isProbed) return probeMs
    const elapsedMs = now() - closure.since
    return elapsedMs < 0 ? 0 : Math.max(0, closure.durationMs - elapsedMs)
  }

  function refuse (closure: Closure | undefined, detail: string): void {
    const retryAfterMs = closure === undefined ? 0 : remainingMs(closure)
    if (retryAfterMs > 0) throw new SmsError({ failure: 'closed', detail, provider, retryAfterMs })
  }

  /** Adopts a suspension that a receipt caused on another instance. The calls of this instance do not wait for it. */
  function learn (): void {
    if (Math.abs(now() - learnedAt) < learnMs) return
    learnedAt = now()
    store.isReported(provider).then((isReported) => { if (isReported) suspension ??= startSuspension() }).catch(() => {})
  }

  const startSuspension = (): Closure => ({ since: now(), durationMs: suspensionMs, isProbed: false })

  async function suspend (error: SmsError, cause: SuspensionCause = 'reply'): Promise<void> {
    const isNew = suspension === undefined
    if (sends) suspension = startSuspension()
    const isFirst = await store.put(provider, cause)
    if (!isNew || !isFirst) return
    const { status, carrierCode } = error
    log.error({ provider, status, carrierCode, err: error }, 'SMS provider suspended: it refuses the credentials or the sender')
  }

  async function resume (): Promise<void> {
    suspension = undefined
    log.info({ provider }, 'SMS provider works again')
    await store.remove(provider)
  }

  function startOutage (): void {
    if (outage === undefined) log.warn({ provider }, 'SMS provider does not answer: its circuit is open')
    outage = { since: now(), durationMs: outageMs, isProbed: false }
  }

  function endOutage (): void {
    outage = undefined
    window.clear()
    log.info({ provider }, 'SMS provider answers again')
  }

  /** Detects an outage. A refusal counts as a reply. */
  function followReplies (outcome: Outcome, isProbe: boolean): void {
    const isFailure = outcome === 'unreachable' || outcome === 'ambiguous'
    if (isFailure) window.addFailure()
    if (isProbe) return isFailure ? startOutage() : endOutage()
    if (outage === undefined && isFailure && window.failedShare() > maximumFailedShare) startOutage()
  }

  /**
   * Follows the credentials. A verdict on the message shows that they are accepted; after other outcomes the next message is
   * the probe.
   */
  async function followCredentials (outcome: Outcome, error: SmsError | undefined, probed: Closure | undefined): Promise<void> {
    if (error !== undefined && outcome === 'sender') {
      // The first of several calls in flight suspends the provider.
      if (probed !== undefined || suspension === undefined) await suspend(error)
    } else if (probed !== undefined) {
      if (outcome === 'sent' || outcome === 'recipient' || outcome === 'channel' || outcome === 'refused') return await resume()
      probed.isProbed = false
    }
  }

  return {
    get isSuspended () { return suspension !== undefined },
    async suspend (error) {
      if (suspension === undefined) await suspend(error, 'receipt')
    },
    async guard (call) {
      learn()
      refuse(suspension, 'the provider is suspended')
      if (isClosing) throw new SmsError({ failure: 'unreachable', detail: 'the service is closing', provider })
      refuse(outage, 'its circuit is open')
      const probed = { suspension, outage }
      for (const closure of [suspension, outage]) if (closure !== undefined) closure.isProbed = true
      window.addCall()
      const [id, error] = await call().then((id) => [id, undefined] as const, (error: unknown) => ['', error as SmsError] as const)
      const outcome = error?.failure ?? 'sent'
      followReplies(outcome, probed.outage !== undefined)
      await followCredentials(outcome, error, probed.suspension)
      if (error !== undefined) throw error
      return id
    },
    close () { isClosing = true }
  }
}
