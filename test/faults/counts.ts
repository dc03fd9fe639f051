import type { Call } from './carrier-server.ts'
import type { Accepted } from './load.ts'

export interface Kill {
  killedAt: number
  restartedAt: number
  /** Deliveries that the service had marked as inside a carrier call and not yet as sent, with their numbers of attempts. */
  interrupted: ReadonlyMap<string, number>
}

export interface History {
  /** Accepted sign-ups, by phone number. */
  accepted: ReadonlyMap<string, Accepted>
  calls: readonly Call[]
  kills: readonly Kill[]
}

export interface Counts {
  accepted: number
  /** Sign-ups whose SMS arrived once. */
  once: number
  /** Sign-ups whose SMS arrived more than once. */
  repeatedly: number
  /** Carrier calls that a kill interrupted, by the marks. */
  interrupted: number
  /** Repeated SMS whose previous call was interrupted by a kill. */
  insideCall: number
  /** Those of `insideCall` whose carrier had answered, so that only the mark after the call was missing. */
  answered: number
  /** Longest time from the carrier's answer to the kill among `answered`. */
  longestMarkMs: number
  /** Repeated SMS that no interrupted call explains. */
  outsideCall: number
  /** Sign-ups whose SMS had different codes. */
  otherCode: number
  /** Deliveries of sign-ups that were answered 200 and never reached the carrier. */
  lost: string[]
  /** Sign-ups accepted before a kill whose SMS had not reached the carrier by then. */
  outstandingAtKills: number
  /** Longest time among those from the restart to the arrival; the service may send before it answers requests. */
  slowestMs: number
}

/**
 * Longest time that writing a mark takes after the carrier's answer: one round trip to Redis, which the client gives up after
 * 450 ms and repeats 200 ms later. A mark that is missing after this time was not being written.
 */
const markWithinMs = 650

/** Compares accepted sign-ups with the calls at the carrier and the kills between them. */
export function countOutcomes ({ accepted, calls, kills }: History): Counts {
  const arrivals = Map.groupBy(calls, ({ to }) => to)
  const result: Counts = {
    accepted: accepted.size,
    once: 0,
    repeatedly: 0,
    interrupted: new Set(kills.flatMap(({ interrupted }) => [...interrupted].map(String))).size,
    insideCall: 0,
    answered: 0,
    longestMarkMs: 0,
    outsideCall: 0,
    otherCode: 0,
    lost: [],
    outstandingAtKills: 0,
    slowestMs: 0
  }

  /** Attributes a repeated call to the kill that interrupted the call before it, or counts it as unexplained. */
  function countRepetition (deliveryId: string, { arrivedAt, answeredAt = Infinity }: Call, next: Call): void {
    const kill = kills.find(({ killedAt, restartedAt, interrupted }) => interrupted.has(deliveryId) && arrivedAt < restartedAt &&
      killedAt < next.arrivedAt)
    const markMs = kill === undefined ? Infinity : Math.max(0, kill.killedAt - answeredAt)
    result[markMs < markWithinMs ? 'insideCall' : 'outsideCall'] += 1
    if (kill === undefined || answeredAt >= kill.killedAt) return
    result.answered += 1
    result.longestMarkMs = Math.max(result.longestMarkMs, markMs)
  }

  for (const [phone, { at, deliveryId }] of accepted) {
    const sms = (arrivals.get(phone) ?? []).toSorted((one, other) => one.arrivedAt - other.arrivedAt)
    const [first] = sms
    if (first === undefined) {
      result.lost.push(deliveryId)
      continue
    }
    result[sms.length === 1 ? 'once' : 'repeatedly'] += 1
    for (const [index, next] of sms.slice(1).entries()) countRepetition(deliveryId, sms[index] ?? first, next)
    if (new Set(sms.map(({ body }) => /\d{6}/.exec(body)?.[0])).size > 1) result.otherCode += 1
    const kill = kills.findLast(({ killedAt }) => killedAt > at && killedAt < first.arrivedAt)
    if (kill === undefined) continue
    result.outstandingAtKills += 1
    result.slowestMs = Math.max(result.slowestMs, first.arrivedAt - kill.restartedAt)
  }
  return result
}
