import { smsLanguages, type SmsLanguage } from './languages.ts'

/** Messages without a code. */
export type Notice = 'phone_changed'
export type Message = 'code' | Notice

export const messages: readonly Message[] = ['code', 'phone_changed']

export interface Template {
  /** A language, a country or both: `hi`, `IN`, `hi-IN`. */
  name: string
  language: string | undefined
  /** ISO 3166. A country's text is sent byte for byte as registered with its regulator. */
  country: string | undefined
  message: Message
  text: string
  counted?: SmsLanguage['counted']
}

export interface Templates {
  all: readonly Template[]
  /** Returns the first that exists of: language and country, country, language, English. */
  find (message: Message, language: string, country: string): Template
}

/** Used if no other language has a text. */
export const fallbackLanguage = 'en'

const shape = /^(?:([a-z]{2,3})(?:-([A-Z]{2}))?|([A-Z]{2}))$/

/** Parses `hi`, `IN` or `hi-IN`; returns `undefined` for anything else. */
export function parseTemplateName (name: string): Pick<Template, 'name' | 'language' | 'country'> | undefined {
  const [, language, countryOfLanguage, country] = shape.exec(name) ?? []
  if (language === undefined && country === undefined) return undefined
  return { name, language, country: country ?? countryOfLanguage }
}

const builtIn: readonly Template[] = Object.entries(smsLanguages).flatMap(([language, { counted, ...texts }]) =>
  messages.map((message) => ({
    name: language,
    language,
    country: undefined,
    message,
    text: texts[message],
    ...(message === 'code' && counted !== undefined ? { counted } : {})
  })))

/** Combines the built-in texts with those of the operator, which replace built-in texts of the same name. */
export function createTemplates (own: readonly Template[]): Templates {
  const templates = new Map([...builtIn, ...own].map((template) => [`${template.message} ${template.name}`, template]))
  return {
    all: [...templates.values()],
    find (message, language, country) {
      const found = [`${language}-${country}`, country, language].find((name) => templates.has(`${message} ${name}`))
      // English is built in.
      return templates.get(`${message} ${found ?? fallbackLanguage}`) as Template
    }
  }
}
