import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { sealText, unsealText } from '../../../../src/domain/auth/seal.ts'

const createKey = () => createSecretKey(randomBytes(32))
const key = createKey()

t.test('a sealed text of any content opens with its key and context', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (context, text) => unsealText(
    key, context, sealText(key, context, text)
  ) === text))
})

t.test('a sealed text does not open with another key or context', async (t) => {
  const sealed = sealText(key, 'here', 'text')
  t.equal(unsealText(createKey(), 'here', sealed), undefined)
  for (const context of ['', 'her', 'here ', 'there']) t.equal(unsealText(key, context, sealed), undefined, context)
})

t.test('each seal of a text is different and does not contain the text', async (t) => {
  const sealed = Array.from({ length: 1000 }, () => sealText(key, 'here', '+918123456789'))
  t.equal(new Set(sealed.map((text) => text.slice(0, 16))).size, 1000, 'each seal has another nonce')
  for (const text of sealed) {
    t.match(text, /^[\w-]+$/, 'a seal is safe in URLs and keys')
    t.notOk(Buffer.from(text, 'base64url').includes('8123456789'))
  }
})

t.test('a sealed text with any bit changed does not open', async (t) => {
  const bytes = Buffer.from(sealText(key, 'here', 'text'), 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    if (unsealText(key, 'here', changed.toString('base64url')) !== undefined) t.fail(`bit ${bit}`)
  }
})

t.test('a sealed text that is cut or lengthened does not open', async (t) => {
  const bytes = Buffer.from(sealText(key, 'here', 'text'), 'base64url')
  for (let length = 0; length < bytes.length; length++) {
    t.equal(unsealText(key, 'here', bytes.subarray(0, length)
      .toString('base64url')), undefined, `${length} bytes`)
  }
  t.equal(unsealText(key, 'here', Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')), undefined)
})

t.test('other texts do not open', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unsealText(key, 'here', text) === undefined))
})

t.test('an empty text can be sealed', async (t) => {
  t.equal(unsealText(key, 'here', sealText(key, 'here', '')), '')
})
