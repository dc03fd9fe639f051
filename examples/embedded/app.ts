import Fastify, { type FastifyInstance } from 'fastify'
import { cheershare, serverOptions, type Settings } from '../../src/index.ts'

interface Order { id: number, userId: number, item: string }

/** Builds a shop of which only the login belongs to Cheershare. `config` must have a PUBLIC_URL that ends with /auth. */
export async function buildShop (config: Settings): Promise<FastifyInstance> {
  const app = Fastify({ ...serverOptions(config), logger: { level: 'warn' } })
  const orders: Order[] = []

  try {
    await app.register(cheershare, { prefix: '/auth', config })
  } catch (error) {
    await app.close()
    throw error
  }

  const { authenticate, requireUser, requireRecentLogin, sessionOf, findUser } = app.cheershare

  app.get('/', async () => ({ shop: 'open', login: '/auth/signup' }))

  await app.register(async (own) => {
    own.addHook('onRequest', authenticate)
    own.addHook('onRequest', requireUser)

    own.get('/orders', async (request) => orders.filter(({ userId }) => userId === sessionOf(request)?.userId))

    own.post<{ Body: { item: string } }>('/orders', async (request, reply) => {
      const userId = Number(sessionOf(request)?.userId)
      const order = { id: orders.length + 1, userId, item: request.body.item }
      orders.push(order)
      return await reply.code(201).send({ ...order, buyer: (await findUser(userId))?.name })
    })

    // Whoever steals a token cannot delete everything with it.
    own.delete('/orders', { onRequest: requireRecentLogin }, async (request, reply) => {
      const userId = sessionOf(request)?.userId
      orders.splice(0, orders.length, ...orders.filter((order) => order.userId !== userId))
      return await reply.code(204).send()
    })
  })

  return app
}
