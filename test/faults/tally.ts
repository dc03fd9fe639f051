import type { Message } from './carrier.ts'

export interface History {
  /** When each number's sign-up was answered 200. */
  accepted: ReadonlyMap<string, number>
  messages: Iterable<Message>
  kills: Array<{ killedAt: number, restartedAt: number }>
  latencyMs: number
}

export interface Tally {
  accepted: number
  once: number
  /** More than once. */
  repeatedly: number
  /** Of the repetitions: the service was killed while the carrier had the call before it. */
  insideCall: number
  outsideCall: number
  otherCode: number
  lost: string[]
  /** Accepted, but not yet at the carrier when the service was killed. */
  outstandingAtKills: number
  /** Of those: from the start after which it was sent until it was at the carrier. */
  slowestMs: number
}

/** From the service's mark until the carrier has the call, and from its answer until that is marked, on a machine that does much else. */
const wayMs = 250

export function tally ({ accepted, messages, kills, latencyMs }: History): Tally {
  const arrivals = new Map<string, Message[]>()
  for (const message of messages) arrivals.set(message.to, [...arrivals.get(message.to) ?? [], message])
  const result: Tally = {
    accepted: accepted.size, once: 0, repeatedly: 0, insideCall: 0, outsideCall: 0, otherCode: 0, lost: [], outstandingAtKills: 0, slowestMs: 0
  }
  const isCut = (at: number) => kills.some(({ killedAt }) => killedAt >= at - wayMs && killedAt <= at + latencyMs + wayMs)

  for (const [phone, acceptedAt] of accepted) {
    const sms = (arrivals.get(phone) ?? []).map(({ body, received_at: at }) => ({ code: /\d{6}/.exec(body)?.[0], at: Date.parse(at) })).sort((a, b) => a.at - b.at)
    const [first] = sms
    if (first === undefined) {
      result.lost.push(phone)
      continue
    }
    result[sms.length === 1 ? 'once' : 'repeatedly'] += 1
    for (const { at } of sms.slice(0, -1)) result[isCut(at) ? 'insideCall' : 'outsideCall'] += 1
    if (sms.some(({ code }) => code !== first.code)) result.otherCode += 1
    if (!kills.some(({ killedAt }) => killedAt > acceptedAt && killedAt < first.at)) continue
    result.outstandingAtKills += 1
    const startedAt = Math.max(...kills.map(({ restartedAt }) => restartedAt).filter((at) => at <= first.at))
    result.slowestMs = Math.max(result.slowestMs, first.at - startedAt)
  }
  return result
}
