const levels = 16
const shift = 4

/** Below this a pixel is more background than image. */
const visible = 128

interface Bin {
  count: number
  red: number
  green: number
  blue: number
}

/**
 * The colour of most pixels, as `#rrggbb`: colours are counted by the first four bits of each part, and the mean of
 * the fullest bin is taken. Pixels that can be seen through do not count; where all of them are, it is white.
 * @param rgba Four bytes a pixel, opacity last and not multiplied in.
 */
export function dominantColor (rgba: Buffer): string {
  const bins = new Map<number, Bin>()
  let fullest: Bin = { count: 0, red: 255, green: 255, blue: 255 }
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba.readUInt8(at + 3) < visible) continue
    const [red, green, blue] = [rgba.readUInt8(at), rgba.readUInt8(at + 1), rgba.readUInt8(at + 2)]
    const key = ((red >> shift) * levels + (green >> shift)) * levels + (blue >> shift)
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 }
    bins.set(key, bin)
    bin.count++
    bin.red += red
    bin.green += green
    bin.blue += blue
    if (bin.count > fullest.count) fullest = bin
  }
  const parts = [fullest.red, fullest.green, fullest.blue].map((sum) => Math.round(sum / Math.max(fullest.count, 1)))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
