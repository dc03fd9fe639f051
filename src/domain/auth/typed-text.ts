/*
 * Reads what people type or paste into the fields for a phone number and a code. The classes of separators are those of
 * libphonenumber (VALID_PUNCTUATION of PhoneNumberUtil.java) and the dots that keyboards offer.
 */

/** Decimal digits of every script (Unicode general category Nd). */
const digit = /\p{Nd}/u
const otherDigits = /(?![0-9])\p{Nd}/gu
/** Zero-width characters, direction marks, soft hyphens, variation selectors and the byte order mark. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu
const pluses = /[\uff0b\ufe62]/g
/** Dashes, the minus sign, the long vowel mark of Japanese and tildes. */
const dashes = /[\p{Pd}\u2212\u30fc~\u2053\u223c\uff5e]/gu
const dots = /[\u00b7\u2022\u2024\u2027\u2219\u3002\uff0e\uff61]/g
const slashes = /[\u2044\u2215\uff0f]/g
const openingBrackets = /[[{\uff08\uff3b\uff5b]/g
const closingBrackets = /[\]}\uff09\uff3d\uff5d]/g

/** Characters between the digits of a code. */
const separators = /[\s().\-/]/g

/** Longest text of a field for a number or a code, with its separators and invisible characters. */
export const maximumTypedLength = 64

/** The lengths that a code may have. */
export const codeDigits = { minimum: 4, maximum: 10 } as const
const codePattern = new RegExp(`^[0-9]{${codeDigits.minimum},${codeDigits.maximum}}$`)

/**
 * Returns the value of a digit of any script. Unicode encodes the ten digits of a script one after the other, and every run of
 * adjacent digits begins with a zero (Unicode Standard, section 4.6).
 */
function toDecimal (character: string): string {
  const codePoint = Number(character.codePointAt(0))
  let first = codePoint
  while (digit.test(String.fromCodePoint(first - 1))) first -= 1
  return String((codePoint - first) % 10)
}

/**
 * Returns the text with ASCII digits, plus signs and separators, without invisible characters and without blanks, tabs and line
 * breaks at its edges. Every other character stays, so a text with letters remains one.
 */
export function readTyped (text: string): string {
  return text
    .replace(invisible, '')
    .trim()
    .replace(otherDigits, toDecimal)
    .replace(pluses, '+')
    .replace(dashes, '-')
    .replace(/\p{Zs}/gu, ' ')
    .replace(dots, '.')
    .replace(slashes, '/')
    .replace(openingBrackets, '(')
    .replace(closingBrackets, ')')
}

/** Returns the digits of a typed code; `undefined` for a text that has other characters than digits and separators, or another length. */
export function parseCode (text: string): string | undefined {
  if (codePattern.test(text)) return text
  const digits = readTyped(text).replace(separators, '')
  return codePattern.test(digits) ? digits : undefined
}
