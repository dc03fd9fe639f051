/** Longest name, in characters (code points) after trimming. */
export const maximumNameLength = 100

/** Control, bidirectional, zero-width, unassigned and line-breaking characters: they make one name look like another. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u

/** The name as it is kept, trimmed and in one Unicode form, or `undefined` when it cannot be shown safely. */
export function parseName (text: string): string | undefined {
  const name = text.normalize('NFC').trim()
  const length = [...name].length
  return length >= 1 && length <= maximumNameLength && !unseen.test(name) ? name : undefined
}
