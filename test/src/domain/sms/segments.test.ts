import t from 'tap'
import { charactersOutsideGsm7, measureSms } from '../../../../src/domain/sms/segments.ts'

/** Expected values from the calculators of Twilio and the GSMA. */
const known: Array<[string, 'GSM-7' | 'UCS-2', number, number]> = [
  ['', 'GSM-7', 0, 1],
  ['a'.repeat(160), 'GSM-7', 160, 1],
  ['a'.repeat(161), 'GSM-7', 161, 2],
  ['a'.repeat(306), 'GSM-7', 306, 2],
  ['a'.repeat(307), 'GSM-7', 307, 3],
  ['€'.repeat(80), 'GSM-7', 160, 1],
  ['€'.repeat(81), 'GSM-7', 162, 2],
  ['{}[]~\\|^€', 'GSM-7', 18, 1],
  ['éèùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡¤£$¥@\n\rΔΦΓΛΩΠΨΣΘΞ_', 'GSM-7', 44, 1],
  ['ä'.repeat(160), 'GSM-7', 160, 1],
  ['á'.repeat(70), 'UCS-2', 70, 1],
  ['á'.repeat(71), 'UCS-2', 71, 2],
  ['á'.repeat(134), 'UCS-2', 134, 2],
  ['á'.repeat(135), 'UCS-2', 135, 3],
  [`${'a'.repeat(69)}कु`, 'UCS-2', 71, 2],
  ['😀'.repeat(35), 'UCS-2', 70, 1],
  ['😀'.repeat(36), 'UCS-2', 72, 2]
]

for (const [text, alphabet, units, segments] of known) {
  t.test(`${text.slice(0, 12)}... is ${units} units of ${alphabet} in ${segments}`, async (t) => {
    t.same(measureSms(text), { alphabet, units, segments })
  })
}

t.test('a character of two units is not split between segments', async (t) => {
  const { segments } = measureSms(`${'a'.repeat(152)}€${'a'.repeat(152)}`)
  t.equal(segments, 3, 'an escape sequence is not split at the 153rd septet, so 306 septets need a third part')
  t.equal(measureSms(`${'a'.repeat(153)}€${'a'.repeat(151)}`).segments, 2)
  t.equal(measureSms(`${'á'.repeat(66)}😀${'á'.repeat(66)}`).segments, 3)
})

t.test('similar letters inside and outside of GSM-7 are distinguished', async (t) => {
  t.same(charactersOutsideGsm7('á í ó ú ç ã õ ê â ô Á ` ’ “ \t'), [...'áíóúçãõêâôÁ`’“\t'])
  t.same(charactersOutsideGsm7('ñ é è à ì ò ù ü ö ä Ç ß'), [])
})
