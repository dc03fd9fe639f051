import { Type } from '@sinclair/typebox'

const strict = { additionalProperties: false }
const milliseconds = Type.Integer({ minimum: 0, maximum: 86_400_000 })
/** Whether the emulator accepts the message although its sender receives no confirmation. */
const accept = Type.Boolean()

/** Faults of the reply to a message. */
const answerFaults = [
  Type.Object({ kind: Type.Literal('none') }, { ...strict, description: 'No fault: a placeholder in a script' }),
  Type.Object({
    kind: Type.Literal('refuse'),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.Integer({ minimum: 10_000, maximum: 99_999 }),
    retry_after_seconds: Type.Optional(Type.Integer({ minimum: 0, description: 'Sent as Retry-After' }))
  }, { ...strict, description: 'Replies with this status and Twilio error code, and does not accept the message' }),
  Type.Object({ kind: Type.Literal('delay'), ms: milliseconds }, { ...strict, description: 'Accepts the message and delays the reply' }),
  Type.Object({ kind: Type.Literal('hang'), accept }, { ...strict, description: 'Never replies' }),
  Type.Object({ kind: Type.Literal('cut'), accept }, {
    ...strict, description: 'Closes the connection: in the middle of the reply, or without a byte if the message is not accepted'
  }),
  Type.Object({
    kind: Type.Literal('html'),
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    accept
  }, { ...strict, description: 'Replies with a page instead of JSON, as a proxy would' })
] as const

/** Faults of an accepted message and of its receipts (status callbacks). */
const receiptFaults = [
  Type.Object({ kind: Type.Literal('duplicate') }, { ...strict, description: 'Sends each receipt twice' }),
  Type.Object({ kind: Type.Literal('late'), ms: milliseconds }, { ...strict, description: 'Delays the message and its receipts' }),
  Type.Object({ kind: Type.Literal('disorder') }, { ...strict, description: 'Sends the receipts in reverse order' }),
  Type.Object({
    kind: Type.Literal('fail'),
    status: Type.Union([Type.Literal('undelivered'), Type.Literal('failed')]),
    code: Type.Integer({ minimum: 30_000, maximum: 39_999 })
  }, { ...strict, description: 'The message is not delivered' })
] as const

export const AnswerFaultSchema = Type.Union([...answerFaults])
export const ReceiptFaultSchema = Type.Union([...receiptFaults])
export const FaultSchema = Type.Union([...answerFaults, ...receiptFaults])

export const FaultRuleSchema = Type.Object({
  fault: FaultSchema,
  to: Type.Optional(Type.String({
    pattern: '^\\+[1-9][0-9]{6,14}$', description: 'Applies to messages to this number; to all messages if unset'
  })),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'How many messages it applies to; unlimited if unset' }))
}, strict)
