import t from 'tap'
import { createKeyring } from '../../../../src/domain/auth/keyring.ts'
import { createSigningKey, openSigningKey, resealSigningKey } from '../../../../src/domain/auth/signing-key-pair.ts'
import { planRotation, planWithdrawal, sortKeys, type Algorithm, type StoredKey } from '../../../../src/domain/auth/signing-keys.ts'

const day = 86_400_000
const names = (keys: ReadonlyArray<{ id: string }>) => keys.map(({ id }) => id)

function key (id: string, signsFrom: number, algorithm: Algorithm = 'ES256'): StoredKey {
  return { id, algorithm, publicKey: {}, secretId: 's', sealedKey: '', createdAt: signsFrom - day, signsFrom }
}

const policyAt = (now: number, algorithm: Algorithm = 'ES256') =>
  ({ now, algorithm, lifeDays: 90, create: (signsFrom: number) => key('new', signsFrom, algorithm) })

t.test('the newest key whose time has come signs, and earlier ones stay for a day', async (t) => {
  const keys = [key('a', 0), key('b', 90 * day), key('c', 180 * day)]
  for (const [now, next, current, previous] of [
    [-1, ['a', 'b', 'c'], undefined, []],
    [0, ['b', 'c'], 'a', []],
    [90 * day - 1, ['b', 'c'], 'a', []],
    [90 * day, ['c'], 'b', ['a']],
    [91 * day - 1, ['c'], 'b', ['a']],
    [91 * day, ['c'], 'b', []],
    [180 * day, [], 'c', ['b']]
  ] as const) {
    const states = sortKeys(keys, now)
    t.same([names(states.next), states.current?.id, names(states.previous)], [next, current, previous], String(now))
  }
})

t.test('of two keys with one time the later created one signs', async (t) => {
  const keys = [{ ...key('a', 0), createdAt: -2 }, { ...key('b', 0), createdAt: -1 }]
  for (const order of [keys, [...keys].reverse()]) t.equal(sortKeys(order, 5).current?.id, 'b')
})

t.test('a key is added a day before the life of the current one is over, and expired ones are deleted', async (t) => {
  t.same(planRotation([], policyAt(5)), { remove: [], add: [key('new', 5)] }, 'the first key signs at once')
  const keys = [key('a', 0), key('b', 90 * day)]
  for (const [now, stored, remove, signsFrom] of [
    [88 * day, keys.slice(0, 1), [], undefined],
    [89 * day - 1, keys.slice(0, 1), [], undefined],
    [89 * day, keys.slice(0, 1), [], 90 * day],
    [89 * day, keys, [], undefined],
    [90.5 * day, keys, [], undefined],
    [91 * day, keys, ['a'], undefined],
    [300 * day, keys, ['a'], 301 * day]
  ] as const) {
    t.same(planRotation(stored, policyAt(now)), { remove, add: signsFrom === undefined ? [] : [key('new', signsFrom)] }, `${now / day}`)
  }
})

t.test('a changed algorithm and an operator rotate early, but only one next key is published', async (t) => {
  const keys = [key('a', 0)]
  t.same(planRotation(keys, policyAt(day, 'EdDSA')).add, [key('new', 2 * day, 'EdDSA')])
  t.same(planRotation(keys, policyAt(day), true).add, [key('new', 2 * day)])
  t.same(planRotation([...keys, key('b', 2 * day)], policyAt(day, 'EdDSA'), true).add, [])
  t.same(planWithdrawal([...keys, key('b', 2 * day)], policyAt(day)), { remove: ['a', 'b'], add: [key('new', day)] })
})

t.test('private parts open with the secret that sealed them, and only for their own id', async (t) => {
  const [first, second] = ['first '.repeat(6), 'second '.repeat(6)]
  const both = createKeyring([second, first])
  for (const algorithm of ['ES256', 'EdDSA'] as const) {
    const made = createSigningKey({ algorithm, secret: createKeyring([first]).current, createdAt: 1, signsFrom: 2 })
    t.equal(openSigningKey(made, both)?.type, 'private', algorithm)
    t.notMatch(JSON.stringify(made.publicKey), /"d"/)
    t.equal(openSigningKey(made, createKeyring([second])), undefined)
    t.equal(openSigningKey({ ...made, id: 'other' }, both), undefined)
    const sealed = resealSigningKey(made, both)
    t.match(sealed, { id: made.id, secretId: both.current.id })
    t.equal(openSigningKey({ ...made, ...sealed }, createKeyring([second]))?.type, 'private')
    t.equal(resealSigningKey({ ...made, ...sealed }, both), undefined, 'sealed already')
    t.equal(resealSigningKey(made, createKeyring([second])), undefined, 'cannot be opened')
  }
})
