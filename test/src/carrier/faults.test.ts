import t from 'tap'
import { createFaults, type Fault } from '../../../src/carrier/faults.ts'

const refuse: Fault = { kind: 'refuse', status: 500, code: 20500 }
const delay: Fault = { kind: 'delay', ms: 10 }

t.test('nothing goes wrong until it is told to, and again after clear', async (t) => {
  const faults = createFaults()
  t.equal(faults.take('+918123456789'), undefined)
  faults.add({ fault: refuse })
  t.same(faults.take('+918123456789'), refuse)
  t.same(faults.take('+918123456789'), refuse, 'without a count it has no end')
  faults.clear()
  t.equal(faults.take('+918123456789'), undefined)
})

t.test('a counted fault meets so many messages, and the caller\'s rule is left as it was', async (t) => {
  const faults = createFaults()
  const rule = { fault: refuse, times: 2 }
  faults.add(rule)
  t.same([1, 2, 3].map(() => faults.take('+918123456789')), [refuse, refuse, undefined])
  t.equal(rule.times, 2)
})

t.test('a fault for one number meets no other, and the first that fits comes first', async (t) => {
  const faults = createFaults()
  faults.add({ fault: refuse, to: '+918123456789', times: 1 })
  faults.add({ fault: delay, times: 2 })
  t.same(faults.take('+918123456780'), delay)
  t.same(faults.take('+918123456789'), refuse)
  t.same(faults.take('+918123456789'), delay)
  t.equal(faults.take('+918123456789'), undefined)
})
