import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../src/http/errors.ts'
import { isLoopback } from '../../src/http/hosts.ts'
import { InboxQuery, InboxReply } from '../../src/schemas/inbox.ts'
import { failures } from '../../src/schemas/common.ts'

/** The SMS that the carrier emulator took. Not mounted at all with a real carrier or DEV_INBOX=off. */
const inboxRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { carrier, config } = fastify
  if (carrier === null || config.sms.hasInbox === false) return
  const page = await readFile(path.join(import.meta.dirname, 'inbox.html'), 'utf8')
  const pagePolicy = `default-src 'none'; connect-src 'self'; script-src ${hashOf(page, 'script')}; style-src ${hashOf(page, 'style')}; frame-ancestors 'none'`

  // Unless it was asked for by name, only a browser on this very machine sees it: no page that points its own
  // host name here, and nobody behind a proxy that forwards the world to the loopback address.
  fastify.addHook('onRequest', async (request) => {
    const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => request.headers[name] !== undefined)
    if (config.sms.hasInbox !== true && (isForwarded || !isLoopback(request.hostname.replace(/^\[|\]$/g, '')))) throw new ApiError('CHR_NOT_FOUND')
  })

  const list = (to: string | undefined) => ({ messages: carrier.messages(to === undefined ? {} : { to }) })

  fastify.get('/inbox', {
    schema: {
      operationId: 'inbox',
      tags: ['development'],
      summary: 'The SMS inbox: a page for people, JSON for programs',
      querystring: InboxQuery,
      response: {
        200: { description: 'By Accept', content: { 'application/json': { schema: InboxReply }, 'text/html': { schema: Type.String() } } },
        ...failures
      }
    }
  }, async (request, reply) => {
    reply.vary('Accept')
    if (request.headers.accept?.includes('application/json') === true) return reply.send(list(request.query.to))
    return reply.type('text/html; charset=utf-8').shownInBrowser(pagePolicy).send(page)
  })

  fastify.get('/inbox.json', {
    schema: {
      operationId: 'inboxJson',
      tags: ['development'],
      summary: 'The SMS inbox as JSON, newest first',
      querystring: InboxQuery,
      response: { 200: InboxReply, ...failures }
    }
  }, async (request) => list(request.query.to))
}

/** The policy allows the page's own script and style, and no other. */
function hashOf (page: string, element: 'script' | 'style'): string {
  const content = page.slice(page.indexOf(`<${element}>`) + element.length + 2, page.indexOf(`</${element}>`))
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

export default inboxRoutes
