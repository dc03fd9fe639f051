import { encodeSrgb } from './srgb.ts'

/** Colours of an image whose values are a power of light, as the PNG chunks `gAMA` and `cHRM` state them. */
export interface GammaColours {
  /** Light is the value, from 0 to 1, to this power. */
  exponent: number
  /** From linear colours of the image to linear sRGB, by rows. */
  matrix: readonly number[]
}

/** `gAMA` of images that are meant to be shown as they are: 1 / 2.2. */
const usualGamma = 45_455
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]
/** The white of sRGB, D65, as coordinates x and y. */
const white = [0.3127, 0.329] as const
/** From XYZ to linear sRGB (IEC 61966-2-1), and from XYZ to the responses of the eye (Bradford), by rows. */
const xyzToSrgb = [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057]
const bradford = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]

/**
 * Reads the data of a `gAMA` chunk (4 bytes) and, if there is one, of a `cHRM` chunk (32 bytes; PNG third edition, §11.3.2). Returns
 * `undefined` for colours that need no change.
 */
export function readGammaColours (gamma: Buffer, primaries?: Buffer): GammaColours | undefined {
  const encoded = gamma.readUInt32BE(0)
  if (encoded === 0) return undefined
  const matrix = primaries === undefined ? identity : toSrgbMatrix(primaries)
  if (encoded === usualGamma && matrix.every((value, at) => Math.abs(value - Number(identity[at])) < 0.01)) return undefined
  return { exponent: 100_000 / encoded, matrix }
}

/** Creates a function that maps pixels in place to sRGB. */
export function createGammaMap ({ exponent, matrix }: GammaColours): (pixels: Uint8Array, channels: 3 | 4) => void {
  const linear = Float64Array.from({ length: 256 }, (_, value) => (value / 255) ** exponent)
  return (pixels, channels) => {
    for (let at = 0; at + 2 < pixels.length; at += channels) {
      const [red, green, blue] = [at, at + 1, at + 2].map((index) => Number(linear[Number(pixels[index])])) as [number, number, number]
      for (let channel = 0; channel < 3; channel++) {
        const row = 3 * channel
        const light = Number(matrix[row]) * red + Number(matrix[row + 1]) * green + Number(matrix[row + 2]) * blue
        pixels[at + channel] = encodeSrgb(light)
      }
    }
  }
}

/** White, red, green and blue as pairs of coordinates, in steps of 1/100,000. Impossible primaries count as those of sRGB. */
function toSrgbMatrix (primaries: Buffer): number[] {
  const points = [0, 8, 16, 24].map((at) => toXyz(primaries.readUInt32BE(at) / 100_000, primaries.readUInt32BE(at + 4) / 100_000))
  const [ownWhite = [], ...columns] = points
  const colours = transpose(columns.flat())
  const amounts = apply(invert(colours), ownWhite)
  const toXyzMatrix = colours.map((value, at) => value * Number(amounts[at % 3]))
  const [from, to] = [apply(bradford, ownWhite), apply(bradford, toXyz(...white))]
  const adapted = bradford.map((value, at) => value * Number(to[Math.floor(at / 3)]) / Number(from[Math.floor(at / 3)]))
  const matrix = [xyzToSrgb, invert(bradford), adapted, toXyzMatrix].reduce(multiply)
  return matrix.every(Number.isFinite) ? matrix : identity
}

const toXyz = (x: number, y: number): number[] => [x / y, 1, (1 - x - y) / y]

const rowsAndColumns = [0, 1, 2]

function transpose (matrix: readonly number[]): number[] {
  return matrix.map((_value, at) => Number(matrix[at % 3 * 3 + Math.floor(at / 3)]))
}

function multiply (left: readonly number[], right: readonly number[]): number[] {
  return left.map((_value, at) => rowsAndColumns.reduce(
    (sum, index) => sum + Number(left[Math.floor(at / 3) * 3 + index]) * Number(right[index * 3 + at % 3]), 0
  ))
}

function apply (matrix: readonly number[], vector: readonly number[]): number[] {
  return rowsAndColumns.map((row) => rowsAndColumns.reduce(
    (sum, index) => sum + Number(matrix[row * 3 + index]) * Number(vector[index]), 0
  ))
}

/** Inverts a matrix by its cofactors. The result of a singular one has values that are not finite. */
function invert (matrix: readonly number[]): number[] {
  const at = (row: number, column: number) => Number(matrix[row % 3 * 3 + column % 3])
  const cofactors = matrix.map((_value, index) => {
    const [row, column] = [Math.floor(index / 3), index % 3]
    return at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1)
  })
  const determinant = rowsAndColumns.reduce((sum, column) => sum + at(0, column) * Number(cofactors[column]), 0)
  return transpose(cofactors).map((value) => value / determinant)
}
