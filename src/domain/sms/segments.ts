/** Basic characters of GSM 03.38 (3GPP TS 23.038 §6.2.1): one septet each. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
)
/** Extension table: an escape and a septet each. */
const extended = new Set('{}[]~\\|^€')

/** An SMS has 140 bytes; in each part of a longer message the header takes 6 bytes, or 7 septets. */
const capacities = { 'GSM-7': { alone: 160, part: 153 }, 'UCS-2': { alone: 70, part: 67 } } as const

export type Alphabet = keyof typeof capacities

export interface Measure {
  alphabet: Alphabet
  /** Septets of GSM-7, or 16-bit units of UCS-2. */
  units: number
  /** Carriers bill by segment. */
  segments: number
}

/** Returns each character that requires UCS-2 once. */
export function charactersOutsideGsm7 (text: string): string[] {
  return [...new Set(text)].filter((character) => !basic.has(character) && !extended.has(character))
}

/** Measures how a network transmits a text. A single character outside GSM-7 requires UCS-2 for the whole text. */
export function measureSms (text: string): Measure {
  const alphabet = charactersOutsideGsm7(text).length === 0 ? 'GSM-7' : 'UCS-2'
  const widths = Array.from(text, (character) => alphabet === 'GSM-7' ? (basic.has(character) ? 1 : 2) : character.length)
  const units = widths.reduce((sum, width) => sum + width, 0)
  const { alone, part } = capacities[alphabet]
  return { alphabet, units, segments: units <= alone ? 1 : countParts(widths, part) }
}

/** An escape sequence or a surrogate pair is not split: if it does not fit, it starts the next part. */
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
