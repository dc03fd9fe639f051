import { crc32 } from 'node:zlib'

/** A real picture: 8 by 8 pixels of orange, as PNG. */
export const demoImage = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP438OAFTEMLQkA1cJiwVpEJ8UAAAAASUVORK5CYII=', 'base64')

/** The same with a note inside, as cameras and editors leave them; nobody who is shown the image is to read it. */
export const notedImage = withNote(demoImage, 'Taken at home')

/** A PNG with one more chunk of text before its last one, which is 12 bytes long. */
function withNote (png: Buffer, note: string): Buffer<ArrayBuffer> {
  const content = Buffer.from(`tEXtComment\0${note}`, 'latin1')
  const chunk = Buffer.alloc(content.length + 8)
  chunk.writeUInt32BE(content.length - 4)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), content.length + 4)
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)])
}
