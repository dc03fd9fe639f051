import { memoize } from '../memoize.ts'
import { fallbackLanguage, type Templates } from './templates.ts'

/** Browsers send a handful; a limit bounds the work for longer headers. */
const maximumTags = 20
/** The longest tag in use (RFC 5646, §4.4.1). */
const maximumTagLength = 35

/** Parses an `Accept-Language` header; returns its languages, the preferred one first (RFC 9110 §12.5.4). */
export function parseAcceptLanguage (header: string): string[] {
  if (header === '') return []
  return header.split(',', maximumTags).map((part) => {
    const [tag = '', weight = 'q=1'] = part.split(';').map((piece) => piece.trim())
    return { tag, weight: /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/i.test(weight) ? Number(weight.slice(2)) : 0 }
  })
    .filter(({ tag, weight }) => tag !== '' && tag.length <= maximumTagLength && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}

/** Returns whether a text is a language tag of BCP 47, such as `pt-BR`. */
export function isLanguageTag (text: string): boolean {
  return writtenLanguage(text) !== undefined
}

/** Returns language and script, without the country: `hi-IN` is Hindi in Devanagari, `hi-Latn` is not; the old `in` is `id`. */
const writtenLanguage = memoize((tag: string): string | undefined => {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    return undefined
  }
})

/** Returns the first of the languages that a preferred tag names, whatever its country: `hi-IN` names `hi`, and `hi-Latn` does not. */
export function matchLanguage<Language extends string> (preferred: readonly string[], offered: readonly Language[]): Language | undefined {
  const written = new Map(offered.map((language) => [writtenLanguage(language), language]))
  for (const tag of preferred) {
    const language = written.get(writtenLanguage(tag))
    if (language !== undefined) return language
  }
  return undefined
}

/** The default in India is English, because less than half of its people speak Hindi. */
const languageOfCountry: Readonly<Record<string, string>> = { IN: 'en' }

/** Returns the language that most people of a country read, from CLDR's likely subtags. */
function defaultLanguage (country: string): string {
  return languageOfCountry[country] ?? `und-${country}`
}

export type LanguageChoice = (country: string, preferred: readonly string[]) => string

/**
 * Creates a function that chooses the language of an SMS: the first of the preferred tags that has a text, then the default
 * language of the country, then English. A country whose texts are all registered by language uses only those. The choice
 * depends on nothing else, so a resend with the same preferences has the same language.
 */
export function createLanguageChoice ({ all }: Templates): LanguageChoice {
  const codes = all.filter(({ message }) => message === 'code')
  const offersByCountry = new Map<string, Map<string | undefined, string>>()

  function listOffers (country: string): Map<string | undefined, string> {
    const own = codes.filter((template) => template.country === country)
    const isClosed = own.length > 0 && own.every(({ language }) => language !== undefined)
    const offered = isClosed ? own : codes.filter((template) => template.country === undefined || template.country === country)
    return new Map(offered.flatMap(({ language }) => language === undefined ? [] : [[writtenLanguage(language), language]]))
  }

  return (country, preferred) => {
    const offered = offersByCountry.get(country) ?? listOffers(country)
    offersByCountry.set(country, offered)
    for (const tag of [...preferred, defaultLanguage(country), fallbackLanguage]) {
      const language = offered.get(writtenLanguage(tag))
      if (language !== undefined) return language
    }
    // If English has no text either, the country has only registered texts, at least one.
    return [...offered.values()][0] as string
  }
}
