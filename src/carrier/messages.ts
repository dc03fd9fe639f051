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

/** A message as its sender requested it. */
export interface NewMessage {
  to: string
  /** The messaging service, if it picks the number. */
  from: string
  body: string
  /** `MG...` */
  messaging_service_sid?: string
  /** Seconds until an unsent message expires. */
  validity_period?: number
  /** URL, without a fragment. */
  status_callback?: string
}

/** The sender's report on whether a message arrived. */
export interface Feedback {
  outcome: 'confirmed' | 'unconfirmed'
  /** RFC 3339 */
  at: string
}

export interface Message extends InboxMessage, NewMessage {
  /** Time of the last change of status, RFC 3339; unset before the first. */
  updated_at?: string
  feedback?: Feedback
  /** Set if the message was not delivered: 3xxxx. */
  error_code?: number
}

/** Above this number the oldest messages are removed. */
const maximumMessages = 1000

export interface MessageLog {
  /** Adds a message; its status is `delivered` unless given. */
  add (message: NewMessage & { status?: string }): Message
  /** Changes the status, and `updated_at` with it. */
  setStatus (message: Message, change: { status: string, error_code?: number }): void
  setFeedback (message: Message, outcome: Feedback['outcome']): Feedback
  find (sid: string): Message | undefined
  /** Newest first. */
  list (filter?: { to?: string, from?: string }): Message[]
  clear (): void
}

export function createMessageLog (now: () => number): MessageLog {
  let messages: Message[] = []
  const timestamp = () => new Date(now()).toISOString()
  return {
    add (requested) {
      const message = { sid: `SM${randomBytes(16).toString('hex')}`, status: 'delivered', received_at: timestamp(), ...requested }
      if (messages.unshift(message) > maximumMessages) messages.pop()
      return message
    },
    setStatus (message, change) { Object.assign(message, change, { updated_at: timestamp() }) },
    setFeedback: (message, outcome) => (message.feedback = { outcome, at: timestamp() }),
    find: (sid) => messages.find((message) => message.sid === sid),
    list: ({ to, from } = {}) => messages.filter(
      (message) => (to === undefined || message.to === to) && (from === undefined || message.from === from)
    ),
    clear () { messages = [] }
  }
}
