import { crc32 } from 'node:zlib'

/** A PNG image of 8 by 8 orange pixels. */
export const demoImage = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP438OAFTEMLQkA1cJiwVpEJ8UAAAAASUVORK5CYII=', 'base64')

/** The same image with a text chunk, as cameras and editors add them. The service must remove it. */
export const commentedImage = addComment(demoImage, 'Taken at home')

/** Inserts a text chunk before the last chunk of a PNG, which is 12 bytes long. */
function addComment (png: Buffer, comment: string): Buffer<ArrayBuffer> {
  const content = Buffer.from(`tEXtComment\0${comment}`, 'latin1')
  const chunk = Buffer.alloc(content.length + 8)
  chunk.writeUInt32BE(content.length - 4)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), content.length + 4)
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)])
}
