import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 100

/** Deletes images from under the service as they come, the staged ones aside, until the function returned is called. */
export function sweepUploads (folder: string): () => Promise<void> {
  const stopping = new AbortController()

  async function sweep (): Promise<void> {
    const places = (await readdir(folder)).filter((name) => name !== 'staging').map((name) => path.join(folder, name))
    for (const place of places) {
      for (const name of await readdir(place)) await rm(path.join(place, name), { force: true })
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
