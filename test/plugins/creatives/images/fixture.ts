import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import Fastify from 'fastify'
import sharp from 'sharp'
import type { Test } from 'tap'
import imagesPlugin, { type ProcessedImage } from '../../../../plugins/creatives/images/index.ts'
import type { LocalFile } from '../../../../plugins/platform/blob-store/contract.ts'

/** The plugin on its own, and a staging folder with nothing in it but what is put there. */
export async function createWorld (t: Test) {
  const app = Fastify()
  await app.register(imagesPlugin)
  t.teardown(async () => { await app.close() })
  // The service cannot read its own WebP; the tests must.
  sharp.unblock({ operation: ['VipsForeignLoadWebp'] })
  const folder = t.testdir()
  const staged = path.join(folder, 'staged')

  return {
    images: app.images,
    folder,
    staged,
    async process (bytes: Buffer, signal?: AbortSignal): Promise<ProcessedImage> {
      await writeFile(staged, bytes)
      return await app.images.process(staged, signal)
    },
    /** What is in the folder beside the staged file. */
    left: async () => (await readdir(folder)).filter((name) => name !== 'staged')
  }
}

/** The bytes of a file, if it is all that was said of it. */
export async function contentOf ({ path: file, byteCount, sha256 }: LocalFile): Promise<Buffer> {
  const bytes = await readFile(file)
  const { mode } = await stat(file)
  if ((mode & 0o777) !== 0o600) throw new Error('others may read it')
  if (bytes.length !== byteCount) throw new Error('its length is another')
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) throw new Error('its hash is another')
  return bytes
}
