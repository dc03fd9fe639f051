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

/** What a sender asked for. */
export interface NewMessage {
  to: string
  /** The messaging service where that was to pick the number. */
  from: string
  body: string
  /** `MG...` */
  messaging_service_sid?: string
  /** Seconds that it may wait to be sent. */
  validity_period?: number
  /** URL, without a fragment. */
  status_callback?: string
}

/** What the sender said became of a message. */
export interface Feedback {
  outcome: 'confirmed' | 'unconfirmed'
  /** RFC 3339 */
  at: string
}

export interface Message extends InboxMessage, NewMessage {
  /** When its status changed last, RFC 3339; unset while it has not. */
  updated_at?: string
  feedback?: Feedback
  /** 3xxxx, of one that did not arrive. */
  error_code?: number
}

/** More than anyone reads; older ones go. */
const maximumKept = 1000

export interface MessageLog {
  /** Delivered at once unless it says otherwise. */
  add (message: NewMessage & { status?: string }): Message
  move (message: Message, change: { status: string, error_code?: number }): void
  judge (message: Message, outcome: Feedback['outcome']): Feedback
  find (sid: string): Message | undefined
  /** Newest first. */
  list (filter?: { to?: string, from?: string }): Message[]
  clear (): void
}

export function createMessageLog (now: () => number): MessageLog {
  let kept: Message[] = []
  const time = () => new Date(now()).toISOString()
  return {
    add (asked) {
      const message = { sid: `SM${randomBytes(16).toString('hex')}`, status: 'delivered', received_at: time(), ...asked }
      if (kept.unshift(message) > maximumKept) kept.pop()
      return message
    },
    move (message, change) { Object.assign(message, change, { updated_at: time() }) },
    judge: (message, outcome) => (message.feedback = { outcome, at: time() }),
    find: (sid) => kept.find((message) => message.sid === sid),
    list: ({ to, from } = {}) => kept.filter((message) => (to === undefined || message.to === to) && (from === undefined || message.from === from)),
    clear () { kept = [] }
  }
}
