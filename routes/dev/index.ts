import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createHostCheck } from '../../src/http/inbox-hosts.ts'
import { InboxQuery, InboxReply } from '../../src/schemas/inbox.ts'

/** Shows the SMS that the carrier emulator accepted. With a real carrier or DEV_INBOX=off the routes do not exist. */
const inboxRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { carrier, config } = fastify
  if (carrier === null || config.sms.hasInbox === false) return
  const page = await readFile(path.join(import.meta.dirname, 'inbox.html'), 'utf8')
  const pagePolicy = `default-src 'none'; connect-src 'self'; script-src ${hashElement(page, 'script')}; ` +
    `style-src ${hashElement(page, 'style')}; frame-ancestors 'none'`

  fastify.addHook('onRequest', createHostCheck({ baseUrl: config.http.baseUrl, isForEveryone: config.sms.hasInbox === true }))

  const list = (to: string | undefined) => ({ messages: carrier.messages(to === undefined ? {} : { to }) })

  fastify.get('/inbox', {
    schema: {
      operationId: 'showInbox',
      tags: ['development'],
      summary: 'The SMS inbox as an HTML page or JSON',
      description: 'The messages that the carrier emulator accepted. The page refreshes itself.',
      querystring: InboxQuery,
      failures: ['CHR_PHONE_INVALID'],
      response: {
        200: {
          description: 'HTML unless Accept names application/json',
          content: { 'application/json': { schema: InboxReply }, 'text/html': { schema: Type.String({ examples: ['<!doctype html><title>SMS inbox</title>'] }) } }
        }
      }
    }
  }, async (request, reply) => {
    reply.vary('Accept')
    if (request.headers.accept?.includes('application/json') === true) return reply.send(list(request.query.to))
    return reply.type('text/html; charset=utf-8').shownInBrowser(pagePolicy).send(page)
  })

  fastify.get('/inbox.json', {
    schema: {
      operationId: 'listInboxMessages',
      tags: ['development'],
      summary: 'The SMS inbox as JSON, newest first',
      description: 'The messages that the carrier emulator accepted, for tests and scripts.',
      querystring: InboxQuery,
      failures: ['CHR_PHONE_INVALID'],
      response: { 200: InboxReply }
    }
  }, async (request) => list(request.query.to))
}

/** Computes the CSP source of the only `<script>` or `<style>` element of the page. */
function hashElement (page: string, element: 'script' | 'style'): string {
  const content = page.slice(page.indexOf(`<${element}>`) + element.length + 2, page.indexOf(`</${element}>`))
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

export default inboxRoutes
