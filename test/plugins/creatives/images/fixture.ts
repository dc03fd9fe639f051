import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import Fastify from 'fastify'
import type { Test } from 'tap'
import imagesPlugin, { type ProcessedImage } from '../../../../plugins/creatives/images/index.ts'
import { loadConfig } from '../../../../src/config/index.ts'
import type { LocalFile } from '../../../../plugins/platform/blob-store/contract.ts'

/** Registers the plugin alone, with an empty folder for staged files. */
export async function createFixture (t: Test, env: Record<string, string> = {}) {
  const app = Fastify()
  app.decorate('config', loadConfig(env))
  await app.register(imagesPlugin)
  t.teardown(async () => { await app.close() })
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
    /** Lists the files in the folder other than the staged one. */
    listLeftovers: async () => (await readdir(folder)).filter((name) => name !== 'staged')
  }
}

/** Returns the bytes of a file after checking its mode, length and hash. */
export async function contentOf ({ path: file, byteCount, sha256 }: LocalFile): Promise<Buffer> {
  const bytes = await readFile(file)
  const { mode } = await stat(file)
  if ((mode & 0o777) !== 0o600) throw new Error('the file is not private')
  if (bytes.length !== byteCount) throw new Error('byteCount is wrong')
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) throw new Error('sha256 is wrong')
  return bytes
}
