import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import { Ajv } from 'ajv'
import { credentialCheck, type Account } from './credentials.ts'
import { FaultRuleSchema, FaultSchema } from './fault-schemas.ts'
import type { Faults } from './faults.ts'
import type { MessageLog } from './messages.ts'

export interface ControlOptions { account: Account, log: MessageLog, faults: Faults }

const Failure = Type.Object({ error: Type.String({ description: 'A sentence for humans' }) })
const Rules = Type.Object({ faults: Type.Array(FaultRuleSchema) })
/** `kind` selects the schema, so that validation errors refer to that fault only. */
const chosenByKind = Type.Unsafe<Static<typeof FaultSchema>>({
  type: 'object', discriminator: { propertyName: 'kind' }, required: ['kind'], oneOf: FaultSchema.anyOf
})
const ScriptRule = Type.Object({ ...FaultRuleSchema.properties, fault: chosenByKind }, { additionalProperties: false })
const Script = Type.Array(ScriptRule, { minItems: 1, maxItems: 1000 })

const Messages = Type.Object({
  messages: Type.Array(Type.Object({
    sid: Type.String(),
    to: Type.String(),
    from: Type.String({ description: 'The messaging service, if it picks the number' }),
    body: Type.String(),
    status: Type.String(),
    received_at: Type.String({ description: 'RFC 3339, UTC' }),
    updated_at: Type.Optional(Type.String({ description: 'RFC 3339, UTC' })),
    messaging_service_sid: Type.Optional(Type.String()),
    validity_period: Type.Optional(Type.Integer({ description: 'Seconds' })),
    status_callback: Type.Optional(Type.String()),
    error_code: Type.Optional(Type.Integer()),
    feedback: Type.Optional(Type.Object({ outcome: Type.String(), at: Type.String({ description: 'RFC 3339, UTC' }) }))
  }))
}, { title: 'Messages, newest first' })

/** Sets the faults of a running emulator, and reads the messages it accepted. For test suites; the service does not mount it. */
export const controlRoutes: FastifyPluginAsyncTypebox<ControlOptions> = async (server, { account, log, faults }) => {
  const ajv = new Ajv({ discriminator: true })
  server.setValidatorCompiler<object>(({ schema }) => ajv.compile(schema))
  const hasCredentials = credentialCheck(account)
  server.addHook('onRequest', async (request) => {
    if (!hasCredentials(request)) {
      throw Object.assign(new Error('Send the account SID and the auth token by HTTP Basic authentication'), { statusCode: 401 })
    }
  })
  server.setErrorHandler<Error & { statusCode?: number }>(
    async ({ statusCode = 500, message }, _request, reply) => reply.code(statusCode).send({ error: message })
  )

  server.post('/_faults', {
    // A single rule becomes a script with one entry.
    preValidation: async (request) => { request.body = [request.body].flat() },
    schema: { body: Script, response: { 201: Rules, '4xx': Failure } }
  }, async ({ body }, reply) => {
    for (const rule of body) faults.add(rule)
    return reply.code(201).send({ faults: faults.list() })
  })

  server.get('/_faults', { schema: { response: { 200: Rules } } }, async () => ({ faults: faults.list() }))

  server.delete('/_faults', { schema: { response: { 204: Type.Null() } } }, async (_request, reply) => {
    faults.clear()
    return reply.code(204).send(null)
  })

  server.get('/_messages', {
    schema: {
      querystring: Type.Object({ to: Type.Optional(Type.String()) }, { additionalProperties: false }),
      response: { 200: Messages, '4xx': Failure }
    }
  }, async ({ query }) => ({ messages: log.list(query) }))

  server.delete('/_messages', { schema: { response: { 204: Type.Null() } } }, async (_request, reply) => {
    log.clear()
    return reply.code(204).send(null)
  })
}
