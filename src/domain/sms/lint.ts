import { smsLanguages } from './languages.ts'
import { charactersOutsideGsm7, measureSms, type Measure } from './segments.ts'
import type { Template } from './templates.ts'
import { codeText, noticeText, placeholders, type TextStyle } from './text.ts'

/** The sizes that determine the greatest length of a text. */
export interface TextSizes {
  /** Digits of a code. */
  codeLength: number
  /** Seconds until a code expires. */
  lifeSeconds: number
}

interface CodeSizes { code: string, lifeSeconds: number }

export interface TextReport extends Measure {
  template: Template
  /** The formatted text, with a code of nines. */
  text: string
  /** A sentence for each broken rule. */
  breaches: string[]
  /** Sentences about last lines that are left out. */
  notes: string[]
}

/** Maximum distance of a word for a code from the digits: within it phones offer to fill in the code. */
const nearCharacters = 30
/** Two segments of UCS-2 hold 134 characters, enough for all built-in texts. */
const maximumSegments = { 'GSM-7': 1, 'UCS-2': 2 } as const

/** Checks a text against the rules: placeholders, the sender's name, a word for the code near it, and the number of segments. */
export function lintText (template: Template, style: TextStyle, { codeLength, lifeSeconds }: TextSizes): TextReport {
  const code = '9'.repeat(codeLength)
  const text = template.message === 'code' ? codeText(template, style, { code, lifeSeconds }) : noticeText(template, style)
  const measure = measureSms(text)
  const breaches = [
    ...checkPlaceholders(template),
    ...(text.includes(style.brand) ? [] : [`does not name ${style.brand}; write {brand}`]),
    ...(template.message === 'code' ? checkCodeWords(template, text, code) : []),
    ...checkAlphabet(template, text, measure),
    ...(template.message === 'code' ? checkRetriever(template, style, { code, lifeSeconds }) : [])
  ]
  return { template, text, ...measure, breaches, notes: findNotes(template, text, style) }
}

/** The SMS Retriever ignores a longer SMS. */
const maximumRetrieverBytes = 140

/** A country's text is checked if it contains the hash itself. */
function checkRetriever (template: Template, { autofillDomain: _domain, ...style }: TextStyle, sizes: CodeSizes): string[] {
  const text = codeText(template, style, sizes)
  if (style.appHash === undefined || !text.includes(style.appHash)) return []
  const bytes = countBytes(measureSms(text))
  return bytes <= maximumRetrieverBytes
    ? []
    : [`has ${bytes} bytes with the app hash, and the SMS Retriever reads up to ${maximumRetrieverBytes}; shorten the text or SMS_BRAND`]
}

/** Seven bits for each septet of GSM-7, or two bytes for each unit of UCS-2. */
const countBytes = ({ alphabet, units }: Measure) => alphabet === 'GSM-7' ? Math.ceil(units * 7 / 8) : units * 2

function findNotes ({ message, country }: Template, text: string, { autofillDomain, appHash }: TextStyle): string[] {
  if (message !== 'code' || country !== undefined || autofillDomain === undefined || appHash === undefined) return []
  return text.includes(appHash)
    ? []
    : [`has no room for both last lines: requests with app_hash get the app hash, others @${autofillDomain}`]
}

function checkPlaceholders ({ message, text }: Template): string[] {
  const known: readonly string[] = placeholders[message]
  const written: string[] = text.match(/\{[^{}]*\}|[{}]/g) ?? []
  // The text may contain the sender's name literally, as registered texts often do.
  const missing = known.filter((name) => name !== 'brand' && !written.includes(`{${name}}`))
  const unknown = [...new Set(written)].filter((part) => !known.includes(part.slice(1, -1)))
  return [
    ...missing.map((name) => `lacks the placeholder {${name}}`),
    ...unknown.map((part) => `contains ${part}; the placeholders are ${known.map((name) => `{${name}}`).join(', ')}`)
  ]
}

/** Languages that are not built in are not checked, because their words for a code are unknown. */
function checkCodeWords ({ language, text: source }: Template, text: string, code: string): string[] {
  const words = language === undefined
    ? Object.values(smsLanguages).flatMap(({ codeWords }) => codeWords)
    : smsLanguages[language]?.codeWords
  const at = text.indexOf(code)
  if (words === undefined || !source.includes('{code}')) return []
  const near = text.slice(Math.max(0, at - nearCharacters), at + code.length + nearCharacters).toLowerCase()
  return words.some((word) => near.includes(word))
    ? []
    : [
    `has no word for a code within ${nearCharacters} characters of it, such as "${words[0]}"`
      ]
}

function checkAlphabet ({ language = '' }: Template, text: string, { alphabet, units, segments }: Measure): string[] {
  const outside = charactersOutsideGsm7(text)
  if (smsLanguages[language]?.alphabet === 'GSM-7' && outside.length > 0) {
    return [`must be GSM-7 in this language, which excludes: ${outside.join(' ')}`]
  }
  const maximum = maximumSegments[alphabet]
  return segments <= maximum ? [] : [`needs ${segments} segments (${units} characters of ${alphabet}); the maximum is ${maximum}`]
}
