import { memoize } from '../memoize.ts'
import { fallbackLanguage, type Templates } from './templates.ts'

/** Browsers send a handful; nobody makes us read more. */
const maximumTags = 20
/** Longer than any tag in use (RFC 5646, §4.4.1). */
const maximumTagLength = 35

/** Languages of an `Accept-Language` header, the best first (RFC 9110 §12.5.4). */
export function acceptedLanguages (header: string): string[] {
  if (header === '') return []
  return header.split(',', maximumTags).map((part) => {
    const [tag = '', weight = 'q=1'] = part.split(';').map((piece) => piece.trim())
    return { tag, weight: /^q=[01](\.\d{0,3})?$/i.test(weight) ? Number(weight.slice(2)) : 0 }
  }).filter(({ tag, weight }) => tag !== '' && tag.length <= maximumTagLength && weight > 0).sort((one, other) => other.weight - one.weight).map(({ tag }) => tag)
}

/** A language tag of BCP 47, such as `pt-BR`. */
export function isLanguageTag (text: string): boolean {
  return writtenLanguage(text) !== undefined
}

/** Language and script, without the country: `hi-IN` is Hindi in Devanagari, `hi-Latn` is not; an old `in` is `id`. */
const writtenLanguage = memoize((tag: string): string | undefined => {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    return undefined
  }
})

/** In India SMS for everybody are written in English: Hindi is not even half of its people's language. */
const languageOfCountry: Readonly<Record<string, string>> = { IN: 'en' }

/** What most people of a country read, by CLDR's likely subtags. */
function defaultLanguage (country: string): string {
  return languageOfCountry[country] ?? `und-${country}`
}

export type LanguageChoice = (country: string, wanted: readonly string[]) => string

/**
 * Chooses the language of an SMS: the first of the wanted tags that there is a text in, else the country's own, else
 * English. A country whose texts are all registered by language has no others. Depends on nothing else, so that a
 * resend on the same wish says the same.
 */
export function createLanguageChoice ({ all }: Templates): LanguageChoice {
  const codes = all.filter(({ message }) => message === 'code')
  const offers = new Map<string, Map<string | undefined, string>>()

  function offersTo (country: string): Map<string | undefined, string> {
    const own = codes.filter((template) => template.country === country)
    const isClosed = own.length > 0 && own.every(({ language }) => language !== undefined)
    const offered = isClosed ? own : codes.filter((template) => template.country === undefined || template.country === country)
    return new Map(offered.flatMap(({ language }) => language === undefined ? [] : [[writtenLanguage(language), language]]))
  }

  return (country, wanted) => {
    const offered = offers.get(country) ?? offersTo(country)
    offers.set(country, offered)
    for (const tag of [...wanted, defaultLanguage(country), fallbackLanguage]) {
      const language = offered.get(writtenLanguage(tag))
      if (language !== undefined) return language
    }
    // English is always there but in a country of registered texts, which has at least one.
    return [...offered.values()][0] as string
  }
}
