import { encodeSrgb } from './srgb.ts'

/** Colours of an HDR image. */
export interface HdrColours {
  transfer: 'pq' | 'hlg'
  /** From linear colours of the image to linear sRGB. */
  matrix: readonly number[]
}

/** ITU-T H.273, tables 2 and 3: primaries of BT.709, BT.2020 and Display P3, as matrices to linear sRGB. */
const matrices = new Map([
  [1, [1, 0, 0, 0, 1, 0, 0, 0, 1]],
  [9, [1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187]],
  [12, [1.2249, -0.2247, 0, -0.0420, 1.0419, 0, -0.0197, -0.0786, 1.0979]]
])
const transfers = new Map([[16, 'pq'], [18, 'hlg']] as const)

/** Brightness of white on an SDR screen (ITU-R BT.2408), and of the brightest part of an ordinary HDR image, in cd/m². */
const whiteNits = 203
const peakNits = 1000
const headroom = peakNits / whiteNits

/** Reads the four bytes of a cICP chunk (PNG third edition, §11.3.2.6); `undefined` if the image is not HDR. */
export function readHdrColours (cicp: Buffer): HdrColours | undefined {
  const [matrix, transfer] = [matrices.get(cicp.readUInt8(0)), transfers.get(cicp.readUInt8(1) as 16 | 18)]
  return matrix === undefined || transfer === undefined ? undefined : { transfer, matrix }
}

/** SMPTE ST 2084: brightness of a value from 0 to 1, as a multiple of white. */
function decodePq (value: number): number {
  const power = value ** (1 / 78.84375)
  return 10_000 / whiteNits * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
}

/** ARIB STD-B67: light of the scene, from 0 to 1. */
function decodeHlg (value: number): number {
  return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
}

/**
 * Creates a function that maps pixels of an HDR image in place to sRGB, as Chromium does: the brightest colour of each pixel follows
 * Reinhard's curve, with which 1000 cd/m² become white, and the others keep their ratio to it.
 */
export function createToneMap ({ transfer, matrix }: HdrColours): (pixels: Uint8Array, channels: 3 | 4) => void {
  const linear = Float64Array.from({ length: 256 }, (_, value) => (transfer === 'pq' ? decodePq : decodeHlg)(value / 255))
  return (pixels, channels) => {
    for (let at = 0; at + 2 < pixels.length; at += channels) {
      const [red, green, blue] = [at, at + 1, at + 2].map((index) => Number(linear[Number(pixels[index])])) as [number, number, number]
      // BT.2100: a screen of 1000 cd/m² shows light with a gamma of 1.2.
      const gain = transfer === 'pq' ? 1 : headroom * (0.2627 * red + 0.678 * green + 0.0593 * blue) ** 0.2
      const peak = gain * Math.max(red, green, blue)
      const scale = gain * (1 + peak / headroom ** 2) / (1 + peak)
      for (let channel = 0; channel < 3; channel++) {
        const row = 3 * channel
        const light = scale * (Number(matrix[row]) * red + Number(matrix[row + 1]) * green + Number(matrix[row + 2]) * blue)
        pixels[at + channel] = encodeSrgb(light)
      }
    }
  }
}
