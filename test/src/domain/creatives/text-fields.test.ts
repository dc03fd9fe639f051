import t from 'tap'
import { normalizeText } from '../../../../src/domain/creatives/text-fields.ts'

t.test('a text is trimmed and normalized to NFC', async (t) => {
  t.equal(normalizeText('title', '  Holi \u00a0'), 'Holi')
  t.equal(normalizeText('title', 'Cafe\u0301'), 'Café')
  t.equal(normalizeText('alt_text', 'दो लोग रंग फेंकते हुए'), 'दो लोग रंग फेंकते हुए')
})

t.test('a blank text is null', async (t) => {
  for (const text of ['', ' ', ' \n\t\u2028']) t.equal(normalizeText('title', text), null)
})

t.test('length is counted in code points, not in bytes or code units', async (t) => {
  for (const [field, length] of [['title', 100], ['alt_text', 500]] as const) {
    t.equal(normalizeText(field, '🎉'.repeat(length)), '🎉'.repeat(length))
    t.equal(normalizeText(field, '🎉'.repeat(length + 1)), undefined)
    t.equal(normalizeText(field, ` ${'a'.repeat(length)} `), 'a'.repeat(length))
  }
})

t.test('joined emoji and single direction marks are allowed', async (t) => {
  for (const text of ['👩‍🎨 Artist', '❤️', 'שלום\u200f!']) t.equal(normalizeText('title', text), text)
})

t.test('invisible characters and bidirectional overrides are refused', async (t) => {
  for (const character of ['\0', '\n', '\t', '\x7f', '\x9b', '\u2028', '\u2029', '\u202e', '\u2066', '\ud83d']) {
    t.equal(normalizeText('alt_text', `a${character}b`), undefined, character.charCodeAt(0).toString(16))
  }
})
