/** Longest title and alternative text, in characters (code points) after trimming. */
export const maximumCaptionLength = { title: 100, alt_text: 500 } as const

export type CaptionField = keyof typeof maximumCaptionLength

/** Control characters, line breaks, halves of pairs, and what turns the direction of the text around it. Joiners stay: emoji need them. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** The text as it is kept, trimmed and in one Unicode form: `null` for a blank one, `undefined` when it is too long or cannot be shown safely. */
export function parseCaption (field: CaptionField, text: string): string | null | undefined {
  const caption = text.normalize('NFC').trim()
  if (caption === '') return null
  return [...caption].length <= maximumCaptionLength[field] && !unseen.test(caption) ? caption : undefined
}
