import { smsLanguages, type SmsLanguage } from './languages.ts'

/** Messages without a code. */
export type Notice = 'phone_changed'
export type Message = 'code' | Notice

export const messages: readonly Message[] = ['code', 'phone_changed']

export interface Template {
  /** Of its language, its country or both: `hi`, `IN`, `hi-IN`. */
  name: string
  language: string | undefined
  /** ISO 3166; a country's text goes out as its regulator has it, to the byte. */
  country: string | undefined
  message: Message
  text: string
  counted?: SmsLanguage['counted']
}

/** By message and name. */
export interface Templates {
  all: readonly Template[]
  /** The country's in the language, the country's, the language's, or English: the first that there is. */
  find (message: Message, language: string, country: string): Template
}

/** What every text without another falls back to. */
export const lastResort = 'en'

const shape = /^(?:([a-z]{2,3})(?:-([A-Z]{2}))?|([A-Z]{2}))$/

/** Reads `hi`, `IN` or `hi-IN`; `undefined` for anything else. */
export function parseTemplateName (name: string): Pick<Template, 'name' | 'language' | 'country'> | undefined {
  const [, language, countryOfLanguage, country] = shape.exec(name) ?? []
  if (language === undefined && country === undefined) return undefined
  return { name, language, country: country ?? countryOfLanguage }
}

const builtIn: readonly Template[] = Object.entries(smsLanguages).flatMap(([language, { counted, ...texts }]) =>
  messages.map((message) => ({ name: language, language, country: undefined, message, text: texts[message], ...(message === 'code' && counted !== undefined ? { counted } : {}) })))

/** The built-in texts, with an operator's own in their place or beside them. */
export function createTemplates (own: readonly Template[]): Templates {
  const templates = new Map([...builtIn, ...own].map((template) => [`${template.message} ${template.name}`, template]))
  return {
    all: [...templates.values()],
    find (message, language, country) {
      const found = [`${language}-${country}`, country, language].find((name) => templates.has(`${message} ${name}`))
      // English is built in.
      return templates.get(`${message} ${found ?? lastResort}`) as Template
    }
  }
}
