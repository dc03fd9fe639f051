import { imageFormats } from '../creatives/image.ts'
import type { DeliveryReason } from '../sms/delivery-reasons.ts'
import type { DeliveryStatus } from '../sms/delivery.ts'
import { matchLanguage, parseAcceptLanguage } from '../sms/language-choice.ts'
import { ar } from './ar.ts'
import { placeholdersOf, type PeopleCode, type Sentences } from './contract.ts'
import { de } from './de.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { hi } from './hi.ts'
import { id } from './id.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'

/** Sentences for people by language. English has none: its sentences are those of the code. */
export const sentences = { hi, es, pt, fr, de, ar, id, ja } as const satisfies Record<string, Sentences>

export type SentenceLanguage = 'en' | keyof typeof sentences

const languages = ['en', ...Object.keys(sentences)] as SentenceLanguage[]
const exampleNumber = '+918123456789'

/** Returns the first language of an `Accept-Language` header that has sentences; English without one, and for a malformed header. */
export function chooseSentenceLanguage (acceptLanguage: string | undefined): SentenceLanguage {
  return matchLanguage(parseAcceptLanguage(acceptLanguage ?? ''), languages) ?? 'en'
}

/** Returns the sentence of an error, or undefined for English and for errors that only developers meet. */
export function errorSentence (language: SentenceLanguage, code: string, waitSeconds = 1): string | undefined {
  if (language === 'en') return undefined
  const texts: Readonly<Record<string, string>> = sentences[language].errors
  const name = placeholdersOf[code as PeopleCode]
  const text = texts[code]
  return name === undefined ? text : text?.replace(`{${name}}`, isolate(language, valueOf(language, name, waitSeconds)))
}

/** Returns the sentence about the status of an SMS, or about the reason of its failure; undefined for English. */
export function deliverySentence (language: SentenceLanguage, state: DeliveryStatus | DeliveryReason): string | undefined {
  if (language === 'en') return undefined
  const texts: Readonly<Record<string, string>> = sentences[language].deliveries
  return texts[state]
}

function valueOf (language: SentenceLanguage, name: string, waitSeconds: number): string {
  if (name === 'number') return exampleNumber
  if (name === 'wait') return formatWait(language, waitSeconds)
  const list = new Intl.ListFormat(language, { type: 'disjunction' })
  return list.format(Object.values(imageFormats).map((format) => format.name))
}

/** In Arabic a value of another direction would reorder the words beside it (Unicode Standard Annex 9, §2.6). */
const isolate = (language: SentenceLanguage, value: string) => language === 'ar' ? `\u2068${value}\u2069` : value

/** Splits a wait in seconds into a number and a unit, rounded up: seconds below two minutes, minutes below two hours, then hours. */
export function splitWait (seconds: number): { value: number, unit: 'second' | 'minute' | 'hour' } {
  if (seconds < 2 * 60) return { value: seconds, unit: 'second' }
  const minutes = Math.ceil(seconds / 60)
  return minutes < 2 * 60 ? { value: minutes, unit: 'minute' } : { value: Math.ceil(minutes / 60), unit: 'hour' }
}

/** Describes a wait in seconds in a language: `5 minutes`. */
export function formatWait (language: SentenceLanguage, seconds: number): string {
  const { value, unit } = splitWait(seconds)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long', useGrouping: false }).format(value)
}
