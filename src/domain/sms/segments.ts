/** Basic characters of GSM 03.38 (3GPP TS 23.038 §6.2.1): one septet each. */
const basic = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà')
/** Its extension table: an escape and a septet. */
const extended = new Set('{}[]~\\|^€')

/** One SMS holds 140 bytes; each part of a longer message gives 6 of them, or 7 septets, to its header. */
const capacities = { 'GSM-7': { alone: 160, part: 153 }, 'UCS-2': { alone: 70, part: 67 } } as const

export type Alphabet = keyof typeof capacities

export interface Measure {
  alphabet: Alphabet
  /** Septets of GSM-7, or 16-bit units of UCS-2. */
  units: number
  /** What the carrier bills. */
  segments: number
}

/** The characters that turn a text into UCS-2, each once. */
export function charactersOutsideGsm7 (text: string): string[] {
  return [...new Set(text)].filter((character) => !basic.has(character) && !extended.has(character))
}

/** How a network carries a text: a single character outside GSM-7 makes all of it UCS-2. */
export function measureSms (text: string): Measure {
  const alphabet = charactersOutsideGsm7(text).length === 0 ? 'GSM-7' : 'UCS-2'
  const widths = Array.from(text, (character) => alphabet === 'GSM-7' ? (basic.has(character) ? 1 : 2) : character.length)
  const units = widths.reduce((sum, width) => sum + width, 0)
  const { alone, part } = capacities[alphabet]
  return { alphabet, units, segments: units <= alone ? 1 : countParts(widths, part) }
}

/** An escape stays with its septet, and the halves of a surrogate pair together: what does not fit whole begins the next part. */
function countParts (widths: readonly number[], capacity: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > capacity) {
      parts += 1
      used = 0
    }
    used += width
  }
  return parts
}
