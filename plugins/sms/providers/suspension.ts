import { SmsError, type RoadLog } from './contract.ts'
import { stopMs, type StopBoard } from './suspension-store.ts'

/** Keeps messages from a provider that refused our credentials or our sender, until a probe shows that it takes them. */
export interface Stop {
  readonly isStopped: boolean
  /**
   * Makes the call, unless the provider is stopped; the first one after a minute is the probe.
   * @throws {SmsError} of the call, or `closed`
   */
  guard (call: () => Promise<string>): Promise<string>
}

export interface StopOptions {
  provider: string
  board: StopBoard
  now (): number
  log: Pick<RoadLog, 'info' | 'error'>
}

/** How long whoever meets a probe under way waits before asking again. */
export const probeMs = 1000

export function createStop ({ provider, board, now, log }: StopOptions): Stop {
  let stopped: { until: number, isProbed: boolean } | undefined

  async function stop (error: SmsError): Promise<void> {
    const isNews = stopped === undefined
    stopped = { until: now() + stopMs, isProbed: false }
    const isFirst = await board.put(provider)
    if (!isNews || !isFirst) return
    log.error({ provider, status: error.status, carrierCode: error.carrierCode, err: error }, 'SMS provider stopped: it refuses our credentials or our sender')
  }

  async function resume (): Promise<void> {
    stopped = undefined
    log.info({ provider }, 'SMS provider works again')
    await board.remove(provider)
  }

  async function settleProbe (error: SmsError): Promise<void> {
    if (error.failure === 'sender') return await stop(error)
    // Who judges the message has taken the credentials; anything else tells nothing, and the next one is the probe.
    if (error.failure === 'recipient' || error.failure === 'refused') return await resume()
    stopped = { until: now(), isProbed: false }
  }

  async function probe (call: () => Promise<string>): Promise<string> {
    try {
      const id = await call()
      await resume()
      return id
    } catch (error) {
      await settleProbe(error as SmsError)
      throw error
    }
  }

  return {
    get isStopped () { return stopped !== undefined },
    async guard (call) {
      if (stopped !== undefined) {
        const waitMs = stopped.isProbed ? probeMs : stopped.until - now()
        if (waitMs > 0) throw new SmsError({ failure: 'closed', detail: 'the provider is stopped', provider, retryAfterMs: waitMs })
        stopped.isProbed = true
        return await probe(call)
      }
      try {
        return await call()
      } catch (error) {
        // Of those under way together the first one stops it.
        if ((error as SmsError).failure === 'sender' && stopped === undefined) await stop(error as SmsError)
        throw error
      }
    }
  }
}
