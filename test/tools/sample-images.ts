import sharp, { type Sharp } from 'sharp'
import { insertIntoPng, pngChunk } from '../fixtures/image-parts.ts'
import { animation, picture } from '../fixtures/pictures.ts'

export interface Sample { name: string, bytes: Buffer }

/** Draws a scene like a photo: sky, hills, a sun, text and grain. */
async function drawScene (width: number, height: number, { isCutOut = false } = {}): Promise<Sharp> {
  const sky = isCutOut ? '' : '<rect width="100%" height="100%" fill="url(#sky)"/>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="${width}" height="${height}" preserveAspectRatio="none">
    <defs>
      <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#2468c8"/><stop offset="1" stop-color="#f4c890"/></linearGradient>
      <radialGradient id="sun"><stop offset="0" stop-color="#fff8d0"/><stop offset="1" stop-color="#ff9020"/></radialGradient>
    </defs>
    ${sky}
    <circle cx="300" cy="80" r="40" fill="url(#sun)"/>
    <path d="M0 220 Q100 140 200 210 T400 190 V300 H0z" fill="#2f7a3a"/>
    <path d="M0 260 Q150 200 400 270 V300 H0z" fill="#8a4f2a"/>
    <rect x="40" y="170" width="60" height="70" fill="#c02838"/>
    <text x="150" y="150" font-size="48" font-family="sans-serif" fill="#101020">Diwali</text>
  </svg>`
  // The generator of the noise is seeded by libvips, so two runs differ a little.
  const noise = { type: 'gaussian' as const, mean: 12, sigma: 8 }
  const grain = { create: { width, height, channels: 3 as const, background: '#000', noise } }
  const scene = sharp(Buffer.from(svg))
  if (isCutOut) return scene
  return sharp(await scene.composite([{ input: grain, blend: 'add' }]).removeAlpha().png({ compressionLevel: 1 }).toBuffer())
}

/** Creates at least 20 synthetic images and 20 that look like photos, of all formats and of what they can hold. */
export async function createSamples (): Promise<Sample[]> {
  const scene = await drawScene(1600, 1200)
  const tall = await drawScene(900, 1600)
  const cutOut = await drawScene(800, 600, { isCutOut: true })
  const chart = picture(320, 240)
  const clear = picture(320, 240, { channels: 4 })
  const moving = animation(64, 6)
  const grey16 = chart.clone().greyscale().toColourspace('grey16')
  const withGamma = (gamma: number) => {
    const data = Buffer.alloc(4)
    data.writeUInt32BE(gamma)
    return pngChunk('gAMA', data)
  }
  const png = await chart.clone().png().toBuffer()

  const pipelines: Array<[string, Sharp]> = [
    ['chart, JPEG', chart.clone().jpeg()],
    ['chart, JPEG progressive 4:4:4', chart.clone().jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
    ['chart, JPEG grey', chart.clone().greyscale().jpeg()],
    ['chart, JPEG CMYK', chart.clone().toColourspace('cmyk').withIccProfile('cmyk').jpeg()],
    ['chart, PNG', chart.clone().png()],
    ['chart, PNG interlaced', chart.clone().png({ progressive: true })],
    ['chart, PNG palette', chart.clone().png({ palette: true, colours: 32 })],
    ['chart, PNG 16 bits', chart.clone().toColourspace('rgb16').png()],
    ['chart, PNG grey 16 bits', grey16.png()],
    ['chart, PNG alpha', clear.clone().png()],
    ['chart, PNG alpha palette', clear.clone().png({ palette: true })],
    ['chart, GIF', chart.clone().gif()],
    ['chart, GIF alpha', clear.clone().gif()],
    ['frames, GIF', moving.clone().gif()],
    ['frames, WebP', moving.clone().webp()],
    ['frames, WebP lossless', moving.clone().webp({ lossless: true })],
    ['chart, WebP', chart.clone().webp()],
    ['chart, WebP lossless', chart.clone().webp({ lossless: true })],
    ['chart, WebP alpha', clear.clone().webp()],
    ['chart, WebP lossless alpha', clear.clone().webp({ lossless: true })],
    ['chart, WebP profile', chart.clone().withIccProfile('p3').webp()],
    ['chart, AVIF', chart.clone().avif()],
    ['chart, AVIF alpha', clear.clone().avif()],
    ['photo, JPEG', scene.clone().jpeg()],
    ['photo, JPEG progressive', scene.clone().jpeg({ progressive: true, mozjpeg: true })],
    ['photo, JPEG Display P3', scene.clone().withIccProfile('p3').jpeg()],
    ['photo, JPEG CMYK', scene.clone().toColourspace('cmyk').withIccProfile('cmyk').jpeg()],
    ['photo, JPEG grey', scene.clone().greyscale().jpeg()],
    ['photo, PNG', scene.clone().png()],
    ['photo, PNG Display P3', scene.clone().withIccProfile('p3').png()],
    ['photo, PNG 16 bits', scene.clone().toColourspace('rgb16').png()],
    ['photo, PNG orientation 6', tall.clone().withMetadata({ orientation: 6 }).png()],
    ['photo, GIF', scene.clone().resize(800).gif()],
    ['photo, WebP', scene.clone().webp()],
    ['photo, WebP orientation 6', tall.clone().withMetadata({ orientation: 6 }).webp()],
    ['photo, WebP Display P3', scene.clone().withIccProfile('p3').withExif({ IFD0: { Artist: 'A' } }).webp()],
    ['photo, WebP near lossless', scene.clone().webp({ nearLossless: true, quality: 60 })],
    ['cut-out, WebP', cutOut.clone().webp()],
    ['cut-out, PNG', cutOut.clone().png()],
    ['photo, AVIF', scene.clone().avif({ effort: 1 })],
    ['photo, AVIF 4:2:0 orientation 6', tall.clone().withMetadata({ orientation: 6 }).avif({ effort: 1, chromaSubsampling: '4:2:0' })],
    ['cut-out, AVIF', cutOut.clone().avif({ effort: 1 })],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation): [string, Sharp] => [
      `photo, JPEG orientation ${orientation}`, tall.clone().withMetadata({ orientation }).jpeg()
    ])
  ]
  const samples: Sample[] = [
    { name: 'chart, PNG gamma 1.0', bytes: insertIntoPng(png, withGamma(100_000)) },
    { name: 'chart, PNG gamma 2.2', bytes: insertIntoPng(png, withGamma(45_455)) }
  ]
  for (const [name, pipeline] of pipelines) samples.push({ name, bytes: await pipeline.toBuffer() })
  return samples
}
