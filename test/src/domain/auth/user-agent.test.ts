import t from 'tap'
import { cutUserAgent } from '../../../../src/domain/auth/user-agent.ts'

t.test('a User-Agent is kept as it is', async (t) => {
  for (const text of ['curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64) "quoted" \'; drop table tokens; -- <b>', 'Telefon Füße 電話 😀']) {
    t.equal(cutUserAgent(text), text)
  }
})

t.test('what could disguise it is dropped, and blanks around it', async (t) => {
  t.equal(cutUserAgent(' a\0b\r\nc\u001b[31md\u007fe\u0085f\u202eg\u200bh\ud83di\t'), 'abc[31mdefghi')
})

t.test('it is cut to 200 characters, none of them in half', async (t) => {
  t.equal(cutUserAgent('a'.repeat(201)), 'a'.repeat(200))
  t.equal(cutUserAgent('\0'.repeat(300) + '😀'.repeat(201)), '😀'.repeat(200))
})

t.test('nothing is null', async (t) => {
  for (const text of [undefined, '', ' ', '\0\n']) t.equal(cutUserAgent(text), null)
})
