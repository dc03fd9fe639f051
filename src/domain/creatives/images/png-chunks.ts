/** Of a PNG header. */
export type ColourType = 0 | 2 | 3 | 4 | 6

/** Samples a pixel, once decoded: a palette becomes colours with opacity. */
export const channelCounts: Record<ColourType, number> = { 0: 1, 2: 3, 3: 4, 4: 2, 6: 4 }

export function isColourType (code: number): code is ColourType {
  return code in channelCounts
}

type Lengths = number | Partial<Record<ColourType, number>>

/**
 * Bytes of the small chunks that say how pixels look (PNG third edition, §11.3); a palette has up to 256 opacities.
 * Decoders pass over one of another length, so in it anything could be hidden.
 */
const lengths = new Map<string, Lengths>([
  ['gAMA', 4], ['cHRM', 32], ['sRGB', 1], ['pHYs', 9], ['cICP', 4], ['mDCV', 24], ['cLLI', 8],
  ['sBIT', { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }], ['bKGD', { 0: 2, 2: 6, 3: 1, 4: 2, 6: 6 }], ['tRNS', { 0: 2, 2: 6 }]
])

/** Whether decoders read a chunk that says how pixels look, by the length of its data. */
export function isRead (type: string, length: number, colourType: ColourType): boolean {
  if (type === 'tRNS' && colourType === 3) return length >= 1 && length <= 256
  const expected = lengths.get(type)
  return expected === undefined || length === (typeof expected === 'number' ? expected : expected[colourType])
}
