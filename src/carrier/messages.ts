import { randomBytes } from 'node:crypto'

/** A message as the inbox shows it. */
export interface InboxMessage {
  sid: string
  to: string
  from: string
  body: string
  status: string
  /** RFC 3339 */
  received_at: string
}

/** More than anyone reads; older ones go. */
const maximumKept = 1000

export interface MessageLog {
  add (message: Pick<InboxMessage, 'to' | 'from' | 'body'>): InboxMessage
  find (sid: string): InboxMessage | undefined
  /** Newest first. */
  list (filter?: { to?: string }): InboxMessage[]
}

export function createMessageLog (now: () => number): MessageLog {
  const kept: InboxMessage[] = []
  return {
    add ({ to, from, body }) {
      const sid = `SM${randomBytes(16).toString('hex')}`
      const message = { sid, to, from, body, status: 'delivered', received_at: new Date(now()).toISOString() }
      if (kept.unshift(message) > maximumKept) kept.pop()
      return message
    },
    find: (sid) => kept.find((message) => message.sid === sid),
    list: ({ to } = {}) => kept.filter((message) => to === undefined || message.to === to)
  }
}
