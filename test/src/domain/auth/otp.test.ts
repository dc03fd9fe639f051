import { createSecretKey } from 'node:crypto'
import t from 'tap'
import { createKeyring } from '../../../../src/domain/auth/keyring.ts'
import {
  computeCheck, createChallengeId, deriveCode, parseChallengeId, seal, computeNameTag, unseal, type ChallengeKey
} from '../../../../src/domain/auth/otp.ts'

const { current: secret, all: [, otherSecret = raise()] } = createKeyring(['a'.repeat(32), 'b'.repeat(32)])
const place: ChallengeKey = { tag: 'tag-of_the-number', purpose: 'login' }
const phone = '+918123456789'
const nameKey = createSecretKey('k'.repeat(32), 'utf8')

function raise (): never {
  throw new Error('the keyring has no second secret')
}

function codeOf (id: string, length = 6): string {
  return deriveCode(secret, { id, phone, purpose: 'login' }, length)
}

/** Pearson's statistic of how evenly texts fall on the digits at one place. */
function unevenness (codes: string[], at: number): number {
  const expected = codes.length / 10
  return [...'0123456789'].reduce((sum, digit) => sum + (codes.filter((code) => code[at] === digit).length - expected) ** 2 / expected, 0)
}

// 14 digits are far from a divisor of 2^48: a plain remainder would favour first digits up to 8 by half.
for (const length of [4, 5, 6, 7, 8, 9, 10, 14]) {
  t.test(`codes of ${length} digits are evenly spread at every place`, async (t) => {
    const codes = Array.from({ length: 5000 }, (_, index) => codeOf(`challenge ${index}`, length))
    t.equal(codes.findIndex((code) => !/^\d+$/.test(code) ||
      code.length !== length), -1, 'each code has its length, leading zeros included')
    // 9 degrees of freedom: above 45 has a chance of one in a million; the codes are the same in every run.
    for (let at = 0; at < length; at++) t.ok(unevenness(codes, at) < 45, `digit ${at + 1}: ${unevenness(codes, at).toFixed(1)}`)
  })
}

t.test('every code of four digits occurs', async (t) => {
  const seen = new Set(Array.from({ length: 150_000 }, (_, index) => codeOf(`challenge ${index}`, 4)))
  t.equal(seen.size, 10_000)
})

t.test('a code is the same for every resend, and differs by challenge, number, length and secret', async (t) => {
  t.equal(codeOf('one', 10), codeOf('one', 10))
  const codes = [
    codeOf('one', 10),
    codeOf('two', 10),
    codeOf('one', 9),
    deriveCode(secret, { id: 'one', phone: '+918123456780', purpose: 'login' }, 10),
    deriveCode(otherSecret, { id: 'one', phone, purpose: 'login' }, 10)
  ]
  t.equal(new Set(codes).size, codes.length)
})

t.test('the check of a code differs by code, number and secret, and is not the code', async (t) => {
  const check = computeCheck(secret, { phone, purpose: 'login', code: '123456' })
  t.equal(computeCheck(secret, { phone, purpose: 'login', code: '123456' }), check)
  t.match(check, /^[\w-]{43}$/)
  t.notOk(check.includes('123456'))
  const others = [
    computeCheck(secret, { phone, purpose: 'login', code: '123457' }),
    computeCheck(secret, { phone: '+918123456780', purpose: 'login', code: '123456' }),
    computeCheck(otherSecret, { phone, purpose: 'login', code: '123456' })
  ]
  t.equal(new Set([check, ...others]).size, 4)
})

t.test('codes and checks do not change between releases, because two releases run during an update', async (t) => {
  t.equal(secret.id, '0jwvQIO0')
  t.equal(codeOf('challenge 0'), '656452')
  t.equal(codeOf('challenge 0', 10), '0534656452')
  t.equal(computeCheck(secret, { phone, purpose: 'login', code: '123456' }), '_RtNn10m8O5nlxpijenxvBNBRaRPLpGsAg8jdF7l5dk')
  t.equal(computeNameTag(nameKey, phone, 'Asha'), '_5of2c3ccuNXxdm8YW7Y5P')
})

t.test('a challenge id is unique and contains its key', async (t) => {
  const ids = Array.from({ length: 1000 }, () => createChallengeId(place))
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) t.strictSame(parseChallengeId(id), place)
  t.match(ids[0], /\.[0-9a-f-]{36}$/, 'the id contains a random UUID: 122 random bits')
  t.same(parseChallengeId(''), { tag: '', purpose: '' })
})

t.test('sealed content can be opened, and each seal is different', async (t) => {
  const contents = [{ phone, length: 6 }, { phone, length: 10, name: 'Asha 🌸' }]
  for (const content of contents) {
    const sealed = seal(secret, 'one', content)
    t.strictSame(unseal(secret, 'one', sealed), content)
    t.not(seal(secret, 'one', content), sealed)
    t.notOk(Buffer.from(sealed, 'base64url').includes('8123456789'))
  }
})

t.test('sealed content opens only with its challenge and secret', async (t) => {
  const sealed = seal(secret, 'one', { phone, length: 6, name: 'Asha' })
  t.equal(unseal(secret, 'two', sealed), undefined, 'it does not open with another challenge')
  t.equal(unseal(otherSecret, 'one', sealed), undefined, 'it does not open with another secret')
  t.equal(unseal(secret, 'one', ''), undefined)
  t.equal(unseal(secret, 'one', 'an unsealed text does not open'), undefined)
  const bytes = Buffer.from(sealed, 'base64url')
  for (let cut = 0; cut < bytes.length; cut++) {
    if (unseal(secret, 'one', bytes.subarray(0, cut).toString('base64url')) !== undefined) t.fail(`opened although cut to ${cut} bytes`)
  }
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    if (unseal(secret, 'one', changed.toString('base64url')) !== undefined) t.fail(`opened although byte ${at} was changed`)
  }
})

t.test('the tag of a name differs by name and by number', async (t) => {
  const tag = computeNameTag(nameKey, phone, 'Asha')
  t.match(tag, /^[\w-]{22}$/)
  t.equal(computeNameTag(nameKey, phone, 'Asha'), tag)
  t.equal(computeNameTag(nameKey, phone, undefined), '')
  const others = [
    computeNameTag(nameKey, phone, 'Usha'), computeNameTag(nameKey, '+918123456780', 'Asha'),
    computeNameTag(createSecretKey('other', 'utf8'), phone, 'Asha'), computeNameTag(nameKey, phone, '')
  ]
  t.equal(new Set([tag, ...others, '']).size, 6)
})
