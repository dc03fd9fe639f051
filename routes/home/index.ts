import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** The page is at the root of the service. */
export const autoPrefix = '/'

const pagePolicy = "default-src 'none'; img-src data:; frame-ancestors 'none'"

/** Links what the start prints, for whoever opens the address of the service. In production the route does not exist. */
const homeRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { carrier, config: { process, http, sms } } = fastify
  if (process.mode === 'production') return
  const base = new URL(http.baseUrl).pathname.replace(/\/$/, '')
  const links = [
    ['/docs', 'API docs, to try every route'],
    ...carrier !== null && sms.hasInbox !== false ? [['/dev/inbox', 'SMS inbox']] : [],
    ['/docs/json', 'OpenAPI document'],
    ['/health/ready', 'State of the dependencies']
  ]
  const page = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<title>Cheershare</title><link rel="icon" href="data:,"><h1>Cheershare</h1><ul>' +
    links.map(([path, text]) => `<li><a href="${base}${path}">${text}</a></li>`).join('') + '</ul>'

  fastify.get('', { schema: { hide: true } }, async (_request, reply) =>
    await reply.type('text/html; charset=utf-8').shownInBrowser(pagePolicy).send(page))
}

export default homeRoute
