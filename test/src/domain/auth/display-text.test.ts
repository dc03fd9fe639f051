import t from 'tap'
import { cutUserAgent, maximumNameLength, parseName } from '../../../../src/domain/auth/display-text.ts'

t.test('a name is stored trimmed and in one Unicode form', async (t) => {
  const names: Array<[string, string]> = [
    ['Asha', 'Asha'],
    ['  Asha Rao\t', 'Asha Rao'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['O\u2019Brien-Smith, Jr.', 'O\u2019Brien-Smith, Jr.'],
    ['आशा राव', 'आशा राव'],
    ['李小龍', '李小龍'],
    ['نور', 'نور'],
    ['Asha 🌸', 'Asha 🌸']
  ]
  for (const [text, name] of names) t.equal(parseName(text), name, text)
})

t.test('a name has 1 to 100 characters, counted as code points', async (t) => {
  t.equal(maximumNameLength, 100)
  t.equal(parseName('李'), '李')
  t.equal(parseName('🌸'.repeat(100)), '🌸'.repeat(100))
  t.equal(parseName(` ${'a'.repeat(100)} `), 'a'.repeat(100))
  t.equal(parseName('a'.repeat(101)), undefined)
  t.equal(parseName('🌸'.repeat(101)), undefined)
  t.equal(parseName(''), undefined)
  t.equal(parseName(' \t\n\u00a0\ufeff'), undefined)
})

t.test('a name with invisible characters is refused', async (t) => {
  const characters = {
    NUL: '\0',
    'line feed': '\n',
    escape: '\u001b',
    delete: '\u007f',
    'C1 control': '\u0085',
    'soft hyphen': '\u00ad',
    'combining grapheme joiner': '\u034f',
    'Hangul fillers': '\u115f',
    'Hangul jungseong filler': '\u1160',
    'Hangul filler': '\u3164',
    'half-width Hangul filler': '\uffa0',
    'Khmer inherent vowel': '\u17b4',
    'Mongolian variation selector': '\u180b',
    'variation selector': '\ufe0f',
    'variation selector supplement': '\u{e0100}',
    'Braille blank': '\u2800',
    'zero-width space': '\u200b',
    'zero-width joiner': '\u200d',
    'right-to-left mark': '\u200f',
    'right-to-left override': '\u202e',
    isolate: '\u2066',
    'line separator': '\u2028',
    'paragraph separator': '\u2029',
    'byte order mark': '\ufeff',
    'tag character': '\u{e0041}',
    'private use': '\ue000',
    unassigned: '\u0378',
    'half of a pair': '\ud800'
  }
  for (const [what, character] of Object.entries(characters)) t.equal(parseName(`A${character}sha`), undefined, what)
})

t.test('a User-Agent is stored unchanged', async (t) => {
  for (const text of ['curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64) "quoted" \'; drop table tokens; -- <b>', 'Telefon Füße 電話 😀']) {
    t.equal(cutUserAgent(text), text)
  }
})

t.test('a User-Agent loses characters that could disguise it, and outer blanks', async (t) => {
  t.equal(cutUserAgent(' a\0b\r\nc\u001b[31md\u007fe\u0085f\u202eg\u200bh\ud83di\t'), 'abc[31mdefghi')
})

t.test('a User-Agent is cut to 200 whole characters', async (t) => {
  t.equal(cutUserAgent('a'.repeat(201)), 'a'.repeat(200))
  t.equal(cutUserAgent('\0'.repeat(300) + '😀'.repeat(201)), '😀'.repeat(200))
})

t.test('an empty User-Agent is null', async (t) => {
  for (const text of [undefined, '', ' ', '\0\n']) t.equal(cutUserAgent(text), null)
})
