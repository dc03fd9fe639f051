import t from 'tap'
import { parseCaption } from '../../../../src/domain/creatives/caption.ts'

t.test('a caption is kept trimmed and in one Unicode form', async (t) => {
  t.equal(parseCaption('title', '  Holi \u00a0'), 'Holi')
  t.equal(parseCaption('title', 'Cafe\u0301'), 'Café')
  t.equal(parseCaption('alt_text', 'दो लोग रंग फेंकते हुए'), 'दो लोग रंग फेंकते हुए')
})

t.test('a blank caption is none', async (t) => {
  for (const text of ['', ' ', ' \n\t\u2028']) t.equal(parseCaption('title', text), null)
})

t.test('length counts characters, not their bytes or halves', async (t) => {
  for (const [field, length] of [['title', 100], ['alt_text', 500]] as const) {
    t.equal(parseCaption(field, '🎉'.repeat(length)), '🎉'.repeat(length))
    t.equal(parseCaption(field, '🎉'.repeat(length + 1)), undefined)
    t.equal(parseCaption(field, ` ${'a'.repeat(length)} `), 'a'.repeat(length))
  }
})

t.test('emoji that are joined of several, and marks of direction, are text', async (t) => {
  for (const text of ['👩‍🎨 Artist', '❤️', 'שלום\u200f!']) t.equal(parseCaption('title', text), text)
})

t.test('what is not shown, or changes how its surroundings are shown, is refused', async (t) => {
  for (const character of ['\0', '\n', '\t', '\x7f', '\x9b', '\u2028', '\u2029', '\u202e', '\u2066', '\ud83d']) {
    t.equal(parseCaption('alt_text', `a${character}b`), undefined, character.charCodeAt(0).toString(16))
  }
})
