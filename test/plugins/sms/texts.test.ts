import t from 'tap'
import smsTexts from '../../../plugins/sms/texts.ts'
import { compose } from '../../support/compose.ts'

const phone = '+918123456789'

t.test('the language comes from the locale, then Accept-Language, then the country, then English', async (t) => {
  const { app: { smsTexts: texts } } = await compose(t, [smsTexts])
  t.equal(texts.chooseLanguage(phone, { locale: 'fr-CA', acceptLanguage: 'de' }), 'fr')
  t.equal(texts.chooseLanguage(phone, { locale: 'xx', acceptLanguage: 'nl, de;q=0.5' }), 'de')
  t.equal(texts.chooseLanguage(phone, { acceptLanguage: '*' }), 'en')
  t.equal(texts.chooseLanguage(phone), 'en')
  t.equal(texts.chooseLanguage('+5511961234567'), 'pt')
  t.equal(texts.chooseLanguage('+870773111632'), 'en', 'a satellite number has no country')
  t.equal(texts.chooseLanguage('nonsense'), 'en')
})

t.test('texts use the templates of the operator, the brand and the autofill line', async (t) => {
  const own = { IN: { code: '{code} is your OTP for Acme. {minutes} min.', phone_changed: 'Acme: moved.' } }
  const env = { SMS_BRAND: 'Acme', OTP_AUTOFILL_DOMAIN: 'acme.example', SMS_TEMPLATES: JSON.stringify(own) }
  const { app: { smsTexts: texts } } = await compose(t, [smsTexts], { env })
  const message = { code: '0042', lifeSeconds: 300 }
  t.equal(texts.code({ ...message, phone, language: 'fr' }), '0042 is your OTP for Acme. 5 min.')
  t.equal(texts.code({
    ...message, phone: '+33612345678', language: 'fr'
  }), 'Acme : votre code est 0042. Il expire dans 5 minutes. Ne le partagez jamais.\n@acme.example #0042')
  t.equal(texts.code({
    ...message, phone: '+33612345678', language: undefined
  }), 'Acme: your code is 0042. It ends in 5 minutes. Never share it.\n@acme.example #0042')
  t.equal(texts.notice('phone_changed', { phone, language: 'fr' }), 'Acme: moved.')
  t.match(texts.notice('phone_changed', { phone: '+33612345678', language: undefined }), /^Acme: your account was moved/)
})
