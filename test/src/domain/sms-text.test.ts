import t from 'tap'
import { codeText } from '../../../src/domain/sms-text.ts'

/** GSM 03.38 basic characters that take one septet, without the Greek ones. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅå_ÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/

t.test('the text is one GSM-7 segment for every length and life of a code', async (t) => {
  for (let length = 4; length <= 10; length++) {
    for (const life of [1, 59, 60, 61, 300, 599, 600]) {
      const text = codeText('9'.repeat(length), life)
      t.ok(text.length <= 160, `${text.length} characters`)
      t.match(text, gsm7)
    }
  }
})

t.test('the text names the sender, the code once, and how long it lives', async (t) => {
  t.equal(codeText('012345', 300), 'Cheershare: your code is 012345. It ends in 5 minutes. Never share it.')
  const minutes: Array<[number, string]> = [[1, '1 minute.'], [60, '1 minute.'], [119, '2 minutes.'], [120, '2 minutes.'], [600, '10 minutes.']]
  for (const [life, text] of minutes) t.ok(codeText('1234', life).includes(`ends in ${text}`), `${life} s`)
})
