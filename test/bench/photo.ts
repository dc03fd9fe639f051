import sharp from 'sharp'

const width = 4000
const height = 3000

/** The coarsest structures span the whole image; each finer octave is fainter, down to single pixels. */
const octaveCount = 11
const coarsestSigma = 24
const fading = 0.75
/** Colours change slowly over a picture; from this octave on, counted from the finest, noise has colours of its own. */
const firstColouredOctave = 6
/** Sensor noise in each pixel. At this quality it gives the photo a size of 2 MiB, within two percent. */
const sensorSigma = 3.1
const quality = 90

/** A JPEG of 12 megapixels and about 2 MiB as a camera would write it: strong gradients, fainter details, a little noise. */
export async function createPhoto (): Promise<Buffer> {
  let pixels: Buffer = Buffer.alloc(3, 128)
  let size = { width: 1, height: 1 }
  for (let octave = octaveCount; octave >= 0; octave--) {
    const finer = { width: Math.ceil(width / 2 ** octave), height: Math.ceil(height / 2 ** octave) }
    const details = await createNoise(finer, octave === 0 ? sensorSigma : coarsestSigma * fading ** (octaveCount - octave))
    pixels = await sharp(pixels, { raw: { ...size, channels: 3 } }).resize({ ...finer, fit: 'fill' }).raw().toBuffer()
    size = finer
    addTo(pixels, details, octave >= firstColouredOctave ? 1 : 3)
  }
  return await sharp(pixels, { raw: { ...size, channels: 3 } }).jpeg({ quality }).toBuffer()
}

/** Three different bytes per pixel, around 128. */
async function createNoise (size: { width: number, height: number }, sigma: number): Promise<Buffer> {
  return await sharp({
    create: {
      ...size, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma }
    }
  }).raw().toBuffer()
}

/** `stride` consecutive bytes get the same noise; with a stride of three the noise is grey. */
function addTo (pixels: Buffer, noise: Buffer, stride: 1 | 3): void {
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = Math.min(255, Math.max(0, (pixels[at] ?? 0) + (noise[at - at % stride] ?? 0) - 128))
  }
}
