import Fastify from 'fastify'
import t from 'tap'
import { requireResourceServer } from '../../../src/http/access.ts'

t.test('a scope whose guard is missing refuses each request', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  await app.register(async (scope) => {
    // Like the autohooks of a folder, the hooks apply to the scope itself.
    await requireResourceServer(scope, {})
    scope.get('/', async () => 'open')
  })
  t.equal((await app.inject('/')).statusCode, 401)
})
