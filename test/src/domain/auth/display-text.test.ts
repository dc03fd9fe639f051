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
    'half of a pair': '\ud800',
    'replacement character': '\ufffd'
  }
  for (const [what, character] of Object.entries(characters)) t.equal(parseName(`A${character}sha`), undefined, what)
})

t.test('joiners are kept in words that need them', async (t) => {
  const names = {
    'a Persian name, between two joining letters': 'علی\u200cرضا',
    'a Persian word with a mark between the letters': 'می\u064e\u200cخواهم',
    'a Sinhala name, after a virama': 'ශ්\u200dරී',
    'a Malayalam chillu, after a virama': 'അവന്\u200d',
    'a Marathi name, after a virama': 'र्\u200dहाइन',
    'a Bengali name, a non-joiner after a virama': 'উদ্\u200cঘাটন',
    'a Kannada name': 'ರಾಜ್\u200cಕುಮಾರ್'
  }
  for (const [what, name] of Object.entries(names)) t.equal(parseName(name), name, what)
})

t.test('joiners are refused where they cannot be seen', async (t) => {
  const names = {
    'a joiner between Latin letters': 'A\u200dsha',
    'a non-joiner between Latin letters': 'A\u200csha',
    'a non-joiner after a letter that does not join': 'ا\u200cر',
    'a non-joiner before a letter that does not join': 'علی\u200ca',
    'a non-joiner at the beginning': '\u200cعلی',
    'a non-joiner at the end': 'علی\u200c',
    'a joiner between two joining letters': 'علی\u200dرضا',
    'two non-joiners': 'علی\u200c\u200cرضا',
    'a joiner after a consonant without a virama': 'र\u200dह',
    'a joiner before a virama': 'र\u200d\u094dह',
    'two joiners after a virama': 'ශ්\u200d\u200dරී'
  }
  for (const [what, name] of Object.entries(names)) t.equal(parseName(name), undefined, what)
})

t.test('emoji sequences are kept', async (t) => {
  const sequences = {
    'a heart in colour': '\u2764\ufe0f',
    'a heart as text': '\u2764\ufe0e',
    'a family': '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}',
    'a couple with a heart': '\u{1f469}\u{1f3fd}\u200d\u2764\ufe0f\u200d\u{1f468}\u{1f3ff}',
    'a rainbow flag': '\u{1f3f3}\ufe0f\u200d\u{1f308}',
    'a profession': '\u{1f469}\u200d\u2695\ufe0f',
    'a skin tone': '\u{1f44d}\u{1f3fd}',
    'a keycap': '1\ufe0f\u20e3',
    'the flag of India': '\u{1f1ee}\u{1f1f3}',
    'the flag of England': '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'
  }
  for (const [what, sequence] of Object.entries(sequences)) t.equal(parseName(`Asha ${sequence} Rao`), `Asha ${sequence} Rao`, what)
})

t.test('parts of emoji sequences are refused', async (t) => {
  const parts = {
    'a selector after a letter': 'A\ufe0f',
    'a selector after a digit without a key': '1\ufe0f',
    'two selectors': '\u2764\ufe0f\ufe0f',
    'a selector at the beginning': '\ufe0fAsha',
    'another selector': '\u2764\ufe01',
    'a joiner before an emoji': '\u200d\u2764',
    'a joiner after an emoji': '\u2764\u200d',
    'a joiner between an emoji and a letter': '\u2764\u200da',
    'two joiners': '\u{1f468}\u200d\u200d\u{1f469}',
    'tags after another emoji': '\u2764\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'tags without their end': '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}',
    'a hidden text in tags': `\u{1f3f4}${'\u{e0061}'.repeat(7)}\u{e007f}`,
    'the end of tags alone': '\u{1f3f4}\u{e007f}'
  }
  for (const [what, part] of Object.entries(parts)) t.equal(parseName(part), undefined, what)
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
