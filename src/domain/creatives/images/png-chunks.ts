/** Colour type in a PNG header. */
export type ColourType = 0 | 2 | 3 | 4 | 6

/** Samples per decoded pixel: a palette becomes colours. */
export const channelCounts: Record<ColourType, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }

export function isColourType (code: number): code is ColourType {
  return code in channelCounts
}

type Lengths = number | Partial<Record<ColourType, number>>

/**
 * Data lengths of the small chunks that describe the appearance of pixels (PNG third edition, §11.3); a palette has up to 256
 * alpha values. Decoders ignore a chunk of another length, so anything could be hidden in it.
 */
const lengths = new Map<string, Lengths>([
  ['gAMA', 4], ['cHRM', 32], ['sRGB', 1], ['pHYs', 9], ['cICP', 4], ['mDCV', 24], ['cLLI', 8],
  ['sBIT', { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }], ['bKGD', { 0: 2, 2: 6, 3: 1, 4: 2, 6: 6 }], ['tRNS', { 0: 2, 2: 6 }]
])

/** True if decoders read a chunk of this type with this data length. */
export function isRead (type: string, length: number, colourType: ColourType): boolean {
  if (type === 'tRNS' && colourType === 3) return length >= 1 && length <= 256
  const expected = lengths.get(type)
  return expected === undefined || length === (typeof expected === 'number' ? expected : expected[colourType])
}
