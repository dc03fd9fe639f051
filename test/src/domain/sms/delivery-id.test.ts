import { createSecretKey } from 'node:crypto'
import t from 'tap'
import { deliveryIdOf, deliveryIdPattern } from '../../../../src/domain/sms/delivery-id.ts'

t.test('the id of a delivery is the same for the same send, and differs for other sends', async (t) => {
  const [key, otherKey] = [createSecretKey('key', 'utf8'), createSecretKey('other key', 'utf8')]
  const ids: Array<Parameters<typeof deliveryIdOf>> = [
    [key, 'a', 1], [key, 'a', 2], [key, 'b', 1], [otherKey, 'a', 1], [key, 'a1', 1], [key, 'a', 11]
  ]
  const made = ids.map((parts) => deliveryIdOf(...parts))
  t.equal(new Set(made).size, ids.length)
  for (const id of made) t.match(id, new RegExp(deliveryIdPattern))
  t.strictSame(ids.map((parts) => deliveryIdOf(...parts)), made)
})
