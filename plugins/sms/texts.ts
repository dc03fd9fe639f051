import fp from 'fastify-plugin'
import type { LanguagePreferences } from '../../src/http/client.ts'
import { parseAcceptLanguage, createLanguageChoice } from '../../src/domain/sms/language-choice.ts'
import { countryOf, type E164 } from '../../src/domain/auth/phone.ts'
import { fallbackLanguage, type Notice } from '../../src/domain/sms/templates.ts'
import { codeText, noticeText } from '../../src/domain/sms/text.ts'

/** The recipient of an SMS. `chooseLanguage` determines the language, which defaults to English. */
interface Recipient {
  phone: E164
  language: string | undefined
}

interface CodeDetails {
  /** The country of the number, if it is known. */
  country?: string | undefined
  code: string
  lifeSeconds: number
  /** The app hash that the client named. */
  appHash?: string | undefined
}

export interface SmsTexts {
  /** Chooses by the client's preferences and the country of the number only, so that the language reveals nothing about the account. */
  chooseLanguage (phone: E164, preferences?: LanguagePreferences): string
  /** Returns what `chooseLanguage` returns if the client names a language, else `undefined`. `*` names none. */
  findLanguage (phone: E164, preferences?: LanguagePreferences): string | undefined
  code (message: Recipient & CodeDetails): string
  notice (notice: Notice, recipient: Recipient): string
}

declare module 'fastify' {
  interface FastifyInstance { smsTexts: SmsTexts }
}

/** Formats the texts of SMS, from the built-in ones and SMS_TEMPLATES. */
export default fp(async (fastify) => {
  const { templates, style } = fastify.config.sms.texts
  const choose = createLanguageChoice(templates)

  fastify.decorate('smsTexts', {
    chooseLanguage: (phone, preferences) => choose(countryOf(phone), listTags(preferences)),
    findLanguage (phone, preferences) {
      const tags = listTags(preferences)
      return tags.some((tag) => tag !== '*') ? choose(countryOf(phone), tags) : undefined
    },
    code ({ phone, country = countryOf(phone), language = fallbackLanguage, code, lifeSeconds, appHash }) {
      const look = appHash === undefined ? style : { ...style, appHash, isForApp: true }
      return codeText(templates.find('code', language, country), look, { code, lifeSeconds })
    },
    notice (notice, { phone, language = fallbackLanguage }) {
      return noticeText(templates.find(notice, language, countryOf(phone)), style)
    }
  })
}, { name: 'sms-texts', fastify: '5.x' })

function listTags ({ locale, acceptLanguage = '' }: LanguagePreferences = {}): string[] {
  return [...(locale === undefined ? [] : [locale]), ...parseAcceptLanguage(acceptLanguage)]
}
