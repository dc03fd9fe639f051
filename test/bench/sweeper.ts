import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 100

/** Deletes stored images, but no staged ones, until the returned function is called. */
export function sweepUploads (folder: string): () => Promise<void> {
  const stopping = new AbortController()

  async function sweep (): Promise<void> {
    const folders = (await readdir(folder)).filter((name) => name !== 'staging').map((name) => path.join(folder, name))
    for (const bucket of folders) {
      for (const name of await readdir(bucket)) await rm(path.join(bucket, name), { force: true })
    }
  }

  const sweeping = (async () => {
    while (!stopping.signal.aborted) {
      await sweep()
      await sleep(pauseMs)
    }
    await sweep()
  })()

  return async () => {
    stopping.abort()
    await sweeping
  }
}
