import fp from 'fastify-plugin'
import type { LanguagePreferences } from '../../src/http/client.ts'
import { acceptedLanguages, createLanguageChoice } from '../../src/domain/sms/language-choice.ts'
import { countryOf, type E164 } from '../../src/domain/auth/phone.ts'
import { lastResort, type Notice } from '../../src/domain/sms/templates.ts'
import { codeText, noticeText } from '../../src/domain/sms/text.ts'

/** Who reads it, in a language that `chooseLanguage` gave; English where it is not known. */
interface Reader {
  phone: E164
  language: string | undefined
}

export interface SmsTexts {
  /** From what the client said and the number's country alone: the same whoever has the number. */
  chooseLanguage (phone: E164, wish?: LanguagePreferences): string
  /** `country`: the number's, where it is known already. */
  code (message: Reader & { country?: string | undefined, code: string, lifeSeconds: number }): string
  notice (notice: Notice, reader: Reader): string
}

declare module 'fastify' {
  interface FastifyInstance { smsTexts: SmsTexts }
}

/** Offers `smsTexts`: what SMS say, from the built-in texts and SMS_TEMPLATES. */
export default fp(async (fastify) => {
  const { templates, style } = fastify.config.sms.texts
  const choose = createLanguageChoice(templates)

  fastify.decorate('smsTexts', {
    chooseLanguage (phone, { locale, acceptLanguage = '' } = {}) {
      return choose(countryOf(phone), [...(locale === undefined ? [] : [locale]), ...acceptedLanguages(acceptLanguage)])
    },
    code ({ phone, country = countryOf(phone), language = lastResort, code, lifeSeconds }) {
      return codeText(templates.find('code', language, country), style, { code, lifeSeconds })
    },
    notice (notice, { phone, language = lastResort }) {
      return noticeText(templates.find(notice, language, countryOf(phone)), style)
    }
  })
}, { name: 'sms-texts', fastify: '5.x' })
