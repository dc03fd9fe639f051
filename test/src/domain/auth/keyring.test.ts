import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { authenticate, authenticateText, createKeyring, type KeyUse } from '../../../../src/domain/auth/keyring.ts'

const [old, fresh, other] = ['old'.repeat(12), 'new'.repeat(12), 'other'.repeat(8)] as const
const uses: KeyUse[] = ['otp code', 'otp check', 'challenge seal', 'image url']

t.test('a keyring signs with its first secret and finds each secret', async (t) => {
  const before = createKeyring([old, fresh])
  const after = createKeyring([fresh, old])
  t.equal(before.current, before.all[0])
  t.equal(after.all.length, 2)
  t.equal(after.current.id, before.all[1]?.id)
  const found = after.find(before.current.id)
  for (const use of uses) t.ok(found?.key(use).equals(before.current.key(use)), `values for ${use} are still verified`)
  t.equal(after.find(createKeyring([other]).current.id), undefined)
})

t.test('each use has a separate 32-byte key, the same at every start', async (t) => {
  const { current } = createKeyring([old])
  const keys = uses.map((use) => current.key(use))
  for (const key of keys) t.equal(key.symmetricKeySize, 32)
  t.equal(new Set(keys.map((key) => key.export().toString('hex'))).size, uses.length)
  t.equal(current.key('otp code'), current.key('otp code'), 'each key is derived once')
  t.strictSame(current.key('otp code')
    .export(), Buffer.from(hkdfSync('sha256', old, '', 'cheershare otp code', 32)), 'the key is derived by HKDF with its label')
})

t.test('the id of a secret identifies it without revealing it', async (t) => {
  const { id } = createKeyring([old]).current
  t.match(id, /^[\w-]{8}$/)
  t.equal(createKeyring([fresh, old]).all[1]?.id, id)
  t.not(createKeyring([fresh]).current.id, id)
  t.notOk(old.includes(id))
})

t.test('a keyring without secrets is refused', async (t) => {
  t.throws(() => createKeyring([]), new TypeError('a keyring needs at least one secret'))
})

t.test('parts that are split differently give different hashes', async (t) => {
  const key = createSecretKey('key', 'utf8')
  const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['', 'abc'], ['abc', ''], ['a\0\0\0\u0002bc'], []]
  const digests = lists.map((parts) => authenticateText(key, parts))
  t.equal(new Set(digests).size, lists.length)
  t.not(authenticateText(createSecretKey('other key', 'utf8'), ['abc']), digests[2])
  const plain = createHmac('sha256', 'key').update(Buffer.from([0, 0, 0, 3])).update('é!').digest()
  t.strictSame(authenticate(key, ['é!']), plain, 'lengths are counted in bytes')
  t.equal(authenticateText(key, ['é!']), plain.toString('base64url'))
})

t.test('the hash is HMAC-SHA-256 for keys and messages of any length', async () => {
  const keys = fc.uint8Array({ minLength: 1, maxLength: 200, size: 'max' })
  fc.assert(fc.property(keys, fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 4 }), (bytes, parts) => {
    const framed = parts.map((part) => {
      const text = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(text.length)
      return Buffer.concat([length, text])
    })
    const expected = createHmac('sha256', bytes).update(Buffer.concat(framed)).digest()
    return authenticate(createSecretKey(bytes), parts).equals(expected)
  }))
})
