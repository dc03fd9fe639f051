import t from 'tap'
import { createRequestIds } from '../../../src/http/request-ids.ts'
import { build } from '../../support/helper.ts'

t.test('ids differ within an instance and between instances', async (t) => {
  const instances = Array.from({ length: 50 }, () => createRequestIds())
  const ids = instances.flatMap((createId) => Array.from({ length: 100 }, createId))
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) if (!/^[\w-]{8}-[0-9a-z]+$/.test(id)) t.fail(id)
})

t.test('an id that a client sends is ignored', async (t) => {
  const app = await build(t)
  const response = await app.inject({ url: '/nothing-here', headers: { 'request-id': 'mine', 'x-request-id': 'mine' } })
  t.match(response.json(), { request_id: /^[\w-]{8}-[0-9a-z]+$/ })
})
