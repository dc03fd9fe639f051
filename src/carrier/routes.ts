import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { acceptsMessage, answer } from './answers.ts'
import { credentialCheck, type Account } from './credentials.ts'
import type { AnswerFault, Faults } from './faults.ts'
import type { InboxMessage, Message, MessageLog } from './messages.ts'
import { findProblem, parseMessage, type Form } from './new-message.ts'
import { problems, refuse } from './problems.ts'
import type { Receipts } from './receipts.ts'
import { accountPath, initialStatus, toFeedbackResource, toPage, toResource, type ListQuery } from './resource.ts'

export interface CarrierRouteOptions {
  account: Account
  log: MessageLog
  faults: Faults
  receipts: Receipts
  /** Resolves early when the emulator closes. */
  pause (milliseconds: number): Promise<void>
  onMessage?: (message: InboxMessage) => void
}

interface AccountParams { account: string }
interface MessageParams extends AccountParams { sid: string }

/** Creates, fetches and lists messages and accepts feedback on them, as Twilio's API does. */
export const carrierRoutes: FastifyPluginAsync<CarrierRouteOptions> = async (server, options) => {
  const { account, log, faults, receipts, pause, onMessage } = options
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' },
    async (_request: FastifyRequest, body: string): Promise<Form> => Object.fromEntries(new URLSearchParams(body)))
  // Twilio reads only forms; any other body counts as an empty form.
  server.addContentTypeParser('*', { parseAs: 'string' }, async (): Promise<Form> => ({}))
  server.removeContentTypeParser(['application/json', 'text/plain'])

  const hasCredentials = credentialCheck(account)
  server.addHook<{ Params: AccountParams }>('preHandler', async (request, reply) => {
    if (!hasCredentials(request)) return refuse(reply, problems.authenticate)
    if (request.params.account !== account.accountSid) return refuse(reply, problems.notFound)
  })

  const base = accountPath(':account')

  server.post<{ Params: AccountParams, Body: Form | undefined }>(`${base}/Messages.json`, async (request, reply) => {
    const form = request.body ?? {}
    const problem = findProblem(form)
    if (problem !== undefined) return refuse(reply, problem)
    const requested = parseMessage(form)
    const fault = faults.useForReply(requested.to)
    const message = acceptsMessage(fault) ? log.add({ ...requested, status: initialStatus(requested) }) : undefined
    const resource = message === undefined ? undefined : toResource(message, account)
    if (message !== undefined) startDelivery(message, fault, reply)
    return await answer(reply, { fault, resource, pause })
  })

  function startDelivery (message: Message, fault: AnswerFault | undefined, reply: FastifyReply): void {
    const replied = fault?.kind === 'hang' ? Promise.resolve() : new Promise((resolve) => reply.raw.once('close', resolve))
    receipts.start(message, faults.useForReceipts(message.to), replied)
    onMessage?.(message)
  }

  server.get<{ Params: MessageParams }>(`${base}/Messages/:sid.json`, async (request, reply) => {
    const message = log.find(request.params.sid)
    return message === undefined ? refuse(reply, problems.notFound) : toResource(message, account)
  })

  server.post<{ Params: MessageParams, Body: Form | undefined }>(`${base}/Messages/:sid/Feedback.json`, async (request, reply) => {
    const message = log.find(request.params.sid)
    // Twilio's default.
    const outcome = request.body?.['Outcome'] ?? 'unconfirmed'
    if (message === undefined) return refuse(reply, problems.notFound)
    if (outcome !== 'confirmed' && outcome !== 'unconfirmed') return refuse(reply, problems.badParameter)
    return reply.code(201).send(toFeedbackResource(message, log.setFeedback(message, outcome), account))
  })

  server.get<{ Params: AccountParams, Querystring: ListQuery }>(`${base}/Messages.json`, async ({ query }) => {
    const { To: to, From: from } = query
    const messages = log.list({ ...(to === undefined ? {} : { to }), ...(from === undefined ? {} : { from }) })
    return toPage(messages, account, query)
  })

  server.setNotFoundHandler(async (_request, reply) => refuse(reply, problems.notFound))
}
