/** Steps of linear brightness: a step of the darkest colours is smaller than one of eight bits. */
const steps = 4096
/** The curve of IEC 61966-2-1 in steps of the square root of light. A table takes a tenth of the time of the formula. */
const encoded = Uint8Array.from({ length: steps + 1 }, (_, step) => {
  const light = (step / steps) ** 2
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055))
})

/** Encodes linear light as a value of sRGB from 0 to 255. Light below 0 and above 1 is clipped. */
export function encodeSrgb (light: number): number {
  return Number(encoded[Math.round(steps * Math.sqrt(Math.min(1, Math.max(0, light))))])
}
