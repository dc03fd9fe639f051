import { createHash } from 'node:crypto'
import t from 'tap'
import { authenticationScope, createToken, hashToken, tokenPattern } from '../../../../src/domain/auth/token.ts'

t.test('a token has 26 characters of base32 and is unique', async (t) => {
  const tokens = Array.from({ length: 1000 }, () => createToken().plaintext)
  for (const token of tokens) if (!tokenPattern.test(token)) t.fail(`${token} is malformed`)
  t.equal(new Set(tokens).size, tokens.length)
})

t.test('a token encodes 16 random bytes', async (t) => {
  const sizes: number[] = []
  const fill = (byte: number) => createToken((size) => {
    sizes.push(size)
    return Buffer.alloc(size, byte)
  }).plaintext
  t.equal(fill(0), 'A'.repeat(26))
  t.equal(fill(255), `${'7'.repeat(25)}4`)
  t.strictSame(sizes, [16, 16])
  const single = Array.from({ length: 128 }, (_, bit) => createToken((size) => {
    const bytes = Buffer.alloc(size)
    bytes.writeUInt8(1 << (bit % 8), Math.floor(bit / 8))
    return bytes
  }).plaintext)
  t.equal(new Set(single).size, 128)
})

t.test('the text is unpadded base32 (RFC 4648)', async (t) => {
  const vectors = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' }
  for (const [bytes, text] of Object.entries(vectors)) t.equal(createToken(() => Buffer.from(bytes)).plaintext, text, bytes)
})

t.test('the stored hash of a token is its SHA-256', async (t) => {
  const { plaintext, hash } = createToken()
  t.strictSame(hash, createHash('sha256').update(plaintext).digest())
  t.strictSame(hashToken(plaintext), hash)
  t.equal(hashToken('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  t.equal(authenticationScope, 'authentication')
})

t.test('text of any other form is not a token', async (t) => {
  const good = 'ABCDEFGHIJKLMNOPQRSTUVWX27'
  t.match(good, tokenPattern)
  for (const text of [
    '', good.slice(1), `${good}A`, good.toLowerCase(), `${good.slice(1)}1`, `${good.slice(1)}=`, ` ${good}`, `${good}\n`
  ]) {
    t.notMatch(text, tokenPattern, JSON.stringify(text))
  }
})
