import sharp from 'sharp'

const width = 2400
const height = 1600

/** A JPEG of about so many bytes, as a camera would write it: gradients with noise, whose quality decides the size. */
export async function createPhoto (byteCount: number): Promise<Buffer> {
  const noise = sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 30 } } })
  const pixels = await noise.raw().toBuffer()
  const encode = async (quality: number) => await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality }).toBuffer()
  let photo = await encode(1)
  for (let quality = 5; quality <= 95 && photo.length < byteCount; quality += 5) photo = await encode(quality)
  return photo
}
