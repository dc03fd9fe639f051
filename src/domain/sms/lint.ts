import { smsLanguages } from './languages.ts'
import { charactersOutsideGsm7, measureSms, type Measure } from './segments.ts'
import type { Template } from './templates.ts'
import { codeText, noticeText, placeholders, type TextStyle } from './text.ts'

/** How long the longest text of a service gets. */
export interface TextSizes {
  /** Digits of a code. */
  codeLength: number
  /** Seconds that a code lives. */
  lifeSeconds: number
}

export interface TextReport extends Measure {
  template: Template
  /** As it goes out, with a code of nines. */
  text: string
  /** Rules that it breaks, a sentence each. */
  breaches: string[]
}

/** Words for a code stand no further from the digits than this, so that phones offer to fill them in. */
const nearCharacters = 30
/** Two parts of UCS-2 are 134 characters, more than any text here needs. */
const maximumSegments = { 'GSM-7': 1, 'UCS-2': 2 } as const

/** Holds a text against the rules: placeholders, the sender's name, a word for the code near it, and the price. */
export function lintText (template: Template, style: TextStyle, { codeLength, lifeSeconds }: TextSizes): TextReport {
  const code = '9'.repeat(codeLength)
  const text = template.message === 'code' ? codeText(template, style, { code, lifeSeconds }) : noticeText(template, style)
  const measure = measureSms(text)
  const breaches = [
    ...placeholderBreaches(template),
    ...(text.includes(style.brand) ? [] : [`does not name ${style.brand}; write {brand}`]),
    ...(template.message === 'code' ? codeWordBreaches(template, text, code) : []),
    ...alphabetBreaches(template, text, measure)
  ]
  return { template, text, ...measure, breaches }
}

function placeholderBreaches ({ message, text }: Template): string[] {
  const known: readonly string[] = placeholders[message]
  const written: string[] = text.match(/\{[^{}]*\}|[{}]/g) ?? []
  // The sender's name may stand there as it is; a registered text often has it so.
  const missing = known.filter((name) => name !== 'brand' && !written.includes(`{${name}}`))
  const strange = [...new Set(written)].filter((part) => !known.includes(part.slice(1, -1)))
  return [
    ...missing.map((name) => `lacks the placeholder {${name}}`),
    ...strange.map((part) => `has ${part}, which is none of ${known.map((name) => `{${name}}`).join(', ')}`)
  ]
}

/** A language that is not built in has words that nobody told us. */
function codeWordBreaches ({ language, text: source }: Template, text: string, code: string): string[] {
  const words = language === undefined ? Object.values(smsLanguages).flatMap(({ codeWords }) => codeWords) : smsLanguages[language]?.codeWords
  const at = text.indexOf(code)
  if (words === undefined || !source.includes('{code}')) return []
  const near = text.slice(Math.max(0, at - nearCharacters), at + code.length + nearCharacters).toLowerCase()
  return words.some((word) => near.includes(word)) ? [] : [`has no word for a code within ${nearCharacters} characters of it, such as "${words[0]}"`]
}

function alphabetBreaches ({ language = '' }: Template, text: string, { alphabet, units, segments }: Measure): string[] {
  const outside = charactersOutsideGsm7(text)
  if (smsLanguages[language]?.alphabet === 'GSM-7' && outside.length > 0) {
    return [`is not GSM-7, which this language fits in, because of: ${outside.join(' ')}`]
  }
  const most = maximumSegments[alphabet]
  return segments <= most ? [] : [`takes ${segments} segments (${units} characters of ${alphabet}); at most ${most} may be`]
}
