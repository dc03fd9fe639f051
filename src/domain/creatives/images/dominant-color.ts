const levels = 16
const shift = 4

/** A pixel with less opacity shows more background than image. */
const visible = 128

interface Bin {
  count: number
  red: number
  green: number
  blue: number
}

/**
 * Returns the most frequent colour as `#rrggbb`: pixels are binned by the upper four bits of each channel, and the mean of
 * the largest bin is the result. Transparent pixels do not count; an image without opaque pixels is white.
 * @param rgba Four bytes per pixel, with straight (not premultiplied) alpha last.
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
