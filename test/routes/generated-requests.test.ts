import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { seedCreative } from '../support/creatives.ts'
import { assertDeclared } from '../support/document/declared.ts'
import { requestOf, toInject } from '../support/document/generated-requests.ts'
import { readOperations, type Operation } from '../support/document/operations.ts'
import { nextWeek } from '../support/forms.ts'
import { build, signUp, type Session } from '../support/helper.ts'

const requestCount = 1000
/** Repeats the requests of a run that failed. Each run prints its seed. */
const seed = Number(process.env['REQUESTS_SEED'] ?? randomInt(2 ** 31))

const env = {
  OTP_TEST_NUMBERS: `+918123456789:123456:${nextWeek()}`,
  JWT_AUDIENCES: 'orders',
  RESOURCE_SERVERS: `orders:${'s'.repeat(32)}:orders`
}
const basic = `Basic ${Buffer.from(`orders:${'s'.repeat(32)}`).toString('base64')}`

/** Signs a new user up when the token of the last one has ended: some operations end sessions or delete the account. */
async function renew (app: FastifyInstance, last?: Session): Promise<Session> {
  if (last !== undefined) {
    const { statusCode } = await app.inject({ url: '/me', headers: { authorization: last.authorization } })
    if (statusCode === 200) return last
  }
  return await signUp(app)
}

t.test(`${requestCount} requests that are generated from the document get the answers that it declares`, { timeout: 600_000 }, async (t) => {
  t.comment(`REQUESTS_SEED=${seed}`)
  const app = await build(t, { env })
  const operations = readOperations()
  const perOperation = Math.ceil(requestCount / operations.length)
  let session = await renew(app)
  const statuses = new Map<string, Set<number>>()

  async function send (operation: Operation): Promise<string[]> {
    session = await renew(app, session)
    const creatives = await Promise.all([null, nextWeek()].map(async (date) => (await seedCreative(app, { ownerId: session.userId, date })).id))
    const problems: string[] = []
    for (const request of fc.sample(requestOf(operation, { creatives }), { seed, numRuns: perOperation })) {
      session = await renew(app, session)
      const answer = await app.inject(toInject(request, operation.path === '/introspect' ? basic : session.authorization))
      statuses.set(operation.operationId, (statuses.get(operation.operationId) ?? new Set()).add(answer.statusCode))
      try {
        assertDeclared(operation, answer)
      } catch (error) {
        problems.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${String(request.payload).slice(0, 300)}\n${String(error)}`)
      }
    }
    return problems
  }

  for (const operation of operations) {
    const problems = await send(operation)
    t.same(problems.slice(0, 3), [], `${operation.operationId} (REQUESTS_SEED=${seed})`)
  }
  t.ok([...statuses.values()].every((each) => ![...each].some((status) => status >= 500)), 'no request makes the service fail')
  const successful = [...statuses].filter(([, each]) => [...each].some((status) => status < 400)).length
  t.ok(successful > operations.length / 2, 'requests of most operations succeed')
})
