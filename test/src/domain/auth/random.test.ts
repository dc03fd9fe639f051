import t from 'tap'
import { takeRandomBytes } from '../../../../src/domain/auth/random.ts'

t.test('random bytes have the requested length and never repeat, also across the end of the block', async (t) => {
  const texts = Array.from({ length: 5000 }, () => takeRandomBytes(12).toString('hex'))
  t.ok(texts.every((text) => text.length === 24))
  t.equal(new Set(texts).size, texts.length)
})

t.test('bytes that were taken do not change later', async (t) => {
  const bytes = takeRandomBytes(16)
  const text = bytes.toString('hex')
  for (let index = 0; index < 1000; index++) takeRandomBytes(16)
  t.equal(bytes.toString('hex'), text)
})
