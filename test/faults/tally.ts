import type { Call } from './carrier-server.ts'
import type { Accepted } from './load.ts'

export interface Kill {
  killedAt: number
  restartedAt: number
  /** Deliveries that the service had marked as inside a carrier call, and not yet as sent, with their attempts. */
  cut: ReadonlyMap<string, number>
}

export interface History {
  /** By number. */
  accepted: ReadonlyMap<string, Accepted>
  calls: readonly Call[]
  kills: readonly Kill[]
}

export interface Tally {
  accepted: number
  once: number
  /** More than once. */
  repeatedly: number
  /** Calls that a kill fell inside of, by the marks. */
  cut: number
  /** Of the repetitions: a kill fell inside the call before it. */
  insideCall: number
  /** Of those: the carrier's answer had left, so that the mark after the call was all that lacked. */
  answered: number
  /** Of those: the longest from the answer to the kill. */
  longestMarkMs: number
  outsideCall: number
  otherCode: number
  /** Deliveries of sign-ups that were answered 200 and never reached the carrier. */
  lost: string[]
  /** Accepted, but not yet at the carrier when the service was killed. */
  outstandingAtKills: number
  /** Of those: from when the service, started again, answered until it was at the carrier. It may send before it answers. */
  slowestMs: number
}

/**
 * After the carrier's answer one round trip to Redis writes the mark. Its client gives up after 450 ms and it is
 * repeated 200 ms later: a mark that was not there after this was not being written.
 */
const markWithinMs = 650

export function tally ({ accepted, calls, kills }: History): Tally {
  const arrivals = Map.groupBy(calls, ({ to }) => to)
  const result: Tally = {
    accepted: accepted.size,
    once: 0,
    repeatedly: 0,
    cut: new Set(kills.flatMap(({ cut }) => [...cut].map(String))).size,
    insideCall: 0,
    answered: 0,
    longestMarkMs: 0,
    outsideCall: 0,
    otherCode: 0,
    lost: [],
    outstandingAtKills: 0,
    slowestMs: 0
  }

  /** The kill between two calls for one delivery that fell inside the first. */
  function countRepetition (deliveryId: string, { arrivedAt, answeredAt = Infinity }: Call, next: Call): void {
    const kill = kills.find(({ killedAt, restartedAt, cut }) => cut.has(deliveryId) && arrivedAt < restartedAt && killedAt < next.arrivedAt)
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
