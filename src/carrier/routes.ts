import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Faults } from './faults.ts'
import type { InboxMessage, MessageLog } from './messages.ts'
import { problems, refuse, type TwilioProblem } from './problems.ts'

export interface CarrierRouteOptions {
  account: { accountSid: string, authToken: string }
  log: MessageLog
  faults: Faults
  onMessage?: (message: InboxMessage) => void
}

type Form = Record<string, string>
interface AccountParams { account: string }
interface MessageParams extends AccountParams { sid: string }

const e164 = /^\+[1-9]\d{6,14}$/
const maximumBody = 1600

/** Create, fetch and list of messages, as Twilio has them. */
export const carrierRoutes: FastifyPluginAsync<CarrierRouteOptions> = async (server, { account, log, faults, onMessage }) => {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' },
    async (_request: FastifyRequest, body: string): Promise<Form> => Object.fromEntries(new URLSearchParams(body)))

  const credentials = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`
  server.addHook<{ Params: AccountParams }>('preHandler', async (request, reply) => {
    if (request.headers.authorization !== credentials) return refuse(reply, problems.authenticate)
    if (request.params.account !== account.accountSid) return refuse(reply, problems.notFound)
  })

  const base = '/2010-04-01/Accounts/:account'

  server.post<{ Params: AccountParams, Body: Form | undefined }>(`${base}/Messages.json`, async (request, reply) => {
    const { To: to = '', From: sender = '', MessagingServiceSid: service = '', Body: body = '' } = request.body ?? {}
    const from = sender === '' ? service : sender
    const problem = problemOf({ to, from, body })
    if (problem !== undefined) return refuse(reply, problem)

    const fault = faults.take(to)
    if (fault?.kind === 'refuse') return refuse(reply, { status: fault.status, code: fault.code, message: 'The emulator was told to refuse' })
    if (fault?.kind === 'hang' && !fault.accept) return hang(reply)
    const message = log.add({ to, from, body })
    onMessage?.(message)
    if (fault?.kind === 'hang') return hang(reply)
    if (fault?.kind === 'delay') await sleep(fault.ms)
    return reply.code(201).send(resourceOf(message, account.accountSid, 'queued'))
  })

  server.get<{ Params: MessageParams }>(`${base}/Messages/:sid.json`, async (request, reply) => {
    const message = log.find(request.params.sid)
    return message === undefined ? refuse(reply, problems.notFound) : resourceOf(message, account.accountSid)
  })

  server.get<{ Params: AccountParams, Querystring: { To?: string } }>(`${base}/Messages.json`, async (request) => {
    const { To: to } = request.query
    const messages = log.list(to === undefined ? {} : { to })
    return { messages: messages.map((message) => resourceOf(message, account.accountSid)), page: 0, page_size: messages.length }
  })
}

function problemOf ({ to, from, body }: Record<'to' | 'from' | 'body', string>): TwilioProblem | undefined {
  if (to === '') return problems.noRecipient
  if (!e164.test(to)) return problems.badRecipient
  if (from === '') return problems.noSender
  if (body === '') return problems.noBody
  return body.length > maximumBody ? problems.longBody : undefined
}

/** The connection stays open without an answer until a side gives up. */
function hang (reply: FastifyReply): FastifyReply {
  reply.hijack()
  return reply
}

function resourceOf (message: InboxMessage, accountSid: string, status = message.status) {
  const { sid, to, from, body, received_at: receivedAt } = message
  const date = new Date(receivedAt).toUTCString()
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body,
    date_created: date,
    date_sent: status === 'queued' ? null : date,
    date_updated: date,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status,
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`
  }
}
