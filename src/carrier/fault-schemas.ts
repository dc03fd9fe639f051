import { Type } from '@sinclair/typebox'

const strict = { additionalProperties: false }
const milliseconds = Type.Integer({ minimum: 0, maximum: 86_400_000 })
/** Whether the message is taken although its sender does not learn so. */
const accept = Type.Boolean()

/** What can become of the answer to a message. */
const answerFaults = [
  Type.Object({ kind: Type.Literal('none') }, { ...strict, description: 'Nothing goes wrong: a place held in a script' }),
  Type.Object({
    kind: Type.Literal('refuse'),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.Integer({ minimum: 10_000, maximum: 99_999 }),
    retry_after_seconds: Type.Optional(Type.Integer({ minimum: 0, description: 'Sent as Retry-After' }))
  }, { ...strict, description: 'Answers with this status and Twilio error code, and takes nothing' }),
  Type.Object({ kind: Type.Literal('delay'), ms: milliseconds }, { ...strict, description: 'Takes the message, but lets the answer wait' }),
  Type.Object({ kind: Type.Literal('hang'), accept }, { ...strict, description: 'Never answers' }),
  Type.Object({ kind: Type.Literal('cut'), accept }, { ...strict, description: 'Ends the connection: in the middle of the answer, or without a byte when nothing was taken' }),
  Type.Object({
    kind: Type.Literal('html'),
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    accept
  }, { ...strict, description: 'Answers a page instead of JSON, as a proxy in between does' })
] as const

/** What can become of a message that was taken, and of its receipts (status callbacks). */
const receiptFaults = [
  Type.Object({ kind: Type.Literal('duplicate') }, { ...strict, description: 'Sends each receipt twice' }),
  Type.Object({ kind: Type.Literal('late'), ms: milliseconds }, { ...strict, description: 'Lets the message and its receipts wait' }),
  Type.Object({ kind: Type.Literal('disorder') }, { ...strict, description: 'Sends the receipts last to first' }),
  Type.Object({
    kind: Type.Literal('fail'),
    status: Type.Union([Type.Literal('undelivered'), Type.Literal('failed')]),
    code: Type.Integer({ minimum: 30_000, maximum: 39_999 })
  }, { ...strict, description: 'The message does not arrive' })
] as const

export const AnswerFaultSchema = Type.Union([...answerFaults])
export const ReceiptFaultSchema = Type.Union([...receiptFaults])
export const FaultSchema = Type.Union([...answerFaults, ...receiptFaults])

export const FaultRuleSchema = Type.Object({
  fault: FaultSchema,
  to: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', description: 'Only for messages to this number; for all when unset' })),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'How many messages it meets; without end when unset' }))
}, strict)
