import { wordJoiner } from './word-joiners.ts'

/** Longest name, in characters (code points) after trimming. */
export const maximumNameLength = 100

/**
 * Control, bidirectional, zero-width, unassigned and line-breaking characters, which can make one name look like another, and the
 * replacement character, which stands for text in another encoding.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffd]/u

/** An emoji, with the selector of its presentation or the modifier of its skin tone. */
const emoji = String.raw`\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?`
/** Digits, # and * in a key. */
const keycap = String.raw`[0-9#*]\ufe0f\u20e3`
/** The flag of a part of a country: a black flag with the letters and digits of its ISO 3166-2 code as tags. */
const subdivisionFlag = String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`

/** Emoji sequences by Unicode Technical Standard 51, section 1.4.9, among them those of several emoji with zero-width joiners. */
const emojiSequence = new RegExp(`${subdivisionFlag}|${keycap}|${emoji}(?:\\u200d${emoji})*`, 'gu')

/**
 * The name to store, trimmed and in Unicode form NFC; `undefined` if it cannot be displayed safely. Joiners and variation selectors
 * are allowed where they are seen: in words that need them and in emoji sequences.
 */
export function parseName (text: string): string | undefined {
  const name = text.normalize('NFC').trim()
  const length = [...name].length
  const plain = name.replace(emojiSequence, '*').replace(wordJoiner, '')
  return length >= 1 && length <= maximumNameLength && !invisible.test(plain) ? name : undefined
}

const maximumUserAgentLength = 200

/** Control and formatting characters and halves of surrogate pairs, which could disguise the text where it is displayed. */
const unwanted = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** The part of a User-Agent header that is stored, so that the user can recognize a session; `null` if nothing is left. */
export function cutUserAgent (header: string | undefined): string | null {
  const text = [...(header ?? '').replace(unwanted, '').trim()].slice(0, maximumUserAgentLength).join('')
  return text === '' ? null : text
}
