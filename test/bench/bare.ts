import Fastify from 'fastify'

/** What everything is compared with: the least that Fastify can do for the requests and answers of the auth check. */
const server = Fastify()
const schema = { response: { 200: { type: 'object', properties: { data: { type: 'string' } } } } }
server.get('/protected', { schema }, async () => ({ data: 'Protected' }))
await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
