import t from 'tap'
import { createFaults, type Fault } from '../../../src/carrier/faults.ts'

const refuse: Fault = { kind: 'refuse', status: 500, code: 20500 }
const delay: Fault = { kind: 'delay', ms: 10 }

t.test('there is no fault before a rule is added, or after clear', async (t) => {
  const faults = createFaults()
  t.equal(faults.useForReply('+918123456789'), undefined)
  faults.add({ fault: refuse })
  t.same(faults.useForReply('+918123456789'), refuse)
  t.same(faults.useForReply('+918123456789'), refuse, 'a rule without `times` is unlimited')
  faults.clear()
  t.equal(faults.useForReply('+918123456789'), undefined)
})

t.test('a rule applies `times` times, and the object of the caller is not modified', async (t) => {
  const faults = createFaults()
  const rule = { fault: refuse, times: 2 }
  faults.add(rule)
  t.same([1, 2, 3].map(() => faults.useForReply('+918123456789')), [refuse, refuse, undefined])
  t.equal(rule.times, 2)
})

t.test('a rule for one number does not apply to others, and the first matching rule wins', async (t) => {
  const faults = createFaults()
  faults.add({ fault: refuse, to: '+918123456789', times: 1 })
  faults.add({ fault: delay, times: 2 })
  t.same(faults.useForReply('+918123456780'), delay)
  t.same(faults.useForReply('+918123456789'), refuse)
  t.same(faults.useForReply('+918123456789'), delay)
  t.equal(faults.useForReply('+918123456789'), undefined)
})
