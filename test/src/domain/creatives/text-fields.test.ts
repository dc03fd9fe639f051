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
  for (const character of [
    '\0', '\v', '\f', '\t', '\x7f', '\x85', '\x9b', '\u2028', '\u2029', '\u202a', '\u202e', '\u2066', '\ud83d', '\ufffd'
  ]) {
    t.equal(normalizeText('alt_text', `a${character}b`), undefined, character.charCodeAt(0).toString(16))
  }
})

t.test('alt_text has line breaks in one form, and a title has none', async (t) => {
  t.equal(normalizeText('alt_text', 'One\nTwo\r\nThree\rFour\n\nFive\n'), 'One\nTwo\nThree\nFour\n\nFive')
  t.equal(normalizeText('alt_text', `${'a\r\n'.repeat(250)}`), 'a\n'.repeat(250).trim(), 'the length is that of the normalized text')
  for (const text of ['One\nTwo', 'One\r\nTwo', 'One\rTwo']) t.equal(normalizeText('title', text), undefined)
  t.equal(normalizeText('title', 'One\n'), 'One', 'a line break at the end is trimmed')
})

t.test('isolates are allowed in pairs', async (t) => {
  const texts = ['\u2066abc\u2069', 'Photo of \u2067עברית\u2069 (2026)', '\u2068one \u2067two\u2069 three\u2069', '\u2066\u2069'.repeat(2)]
  for (const name of ['title', 'alt_text'] as const) {
    for (const text of texts) t.equal(normalizeText(name, text), text)
    for (const text of ['a\u2069b', 'a\u2066b', '\u2069\u2066', '\u2066\u2067a\u2069', '\u2066a\u2069\u2069', '\u2066a\u202e\u2069']) {
      t.equal(normalizeText(name, text), undefined, JSON.stringify(text))
    }
  }
  t.equal(normalizeText('alt_text', '\u2066a\nb\u2069'), undefined, 'an isolate ends with its line')
  t.equal(normalizeText('alt_text', '\u2066a\u2069\n\u2067b\u2069'), '\u2066a\u2069\n\u2067b\u2069')
})
