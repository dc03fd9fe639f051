import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

export interface StoredObject {
  key: string
  byteCount: number
  /** MD5, as in S3. */
  etag: string
  storedAt: string
  contentType: string
  /** Headers `x-amz-meta-...`. */
  metadata: Record<string, string>
  /** Path of the file with its bytes. */
  file: string
}

type NewObject = Pick<StoredObject, 'key' | 'contentType' | 'metadata'> & { bytes: Buffer }

export interface Bucket {
  find (key: string): StoredObject | undefined
  /** Lists keys in the order of S3, which compares bytes. */
  list (prefix: string): StoredObject[]
  put (object: NewObject): Promise<StoredObject>
  read (object: StoredObject): Promise<Buffer>
  delete (key: string): Promise<void>
}

/**
 * Stores buckets in a folder. An object exists once its description exists, which is written last and renamed into place, so
 * that a process that is killed leaves whole objects alone.
 */
export async function openBuckets (folder: string) {
  const buckets = new Map<string, Bucket>()
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) buckets.set(entry.name, await openBucket(path.join(folder, entry.name)))
  }
  return {
    find: (name: string) => buckets.get(name),
    async create (name: string) {
      if (!buckets.has(name)) buckets.set(name, await openBucket(path.join(folder, name)))
    }
  }
}

async function openBucket (folder: string): Promise<Bucket> {
  const objects = new Map<string, StoredObject>()
  const descriptionOf = (key: string) => path.join(folder, `${createHash('sha256').update(key).digest('hex')}.json`)
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.json')) continue
    const object = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as StoredObject
    objects.set(object.key, object)
  }

  return {
    find: (key) => objects.get(key),

    list (prefix) {
      const found = [...objects.values()].filter(({ key }) => key.startsWith(prefix))
      return found.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)))
    },

    async put ({ bytes, ...rest }) {
      const file = randomUUID()
      const etag = createHash('md5').update(bytes).digest('hex')
      const object = { ...rest, byteCount: bytes.length, etag, storedAt: new Date().toISOString(), file }
      await writeFile(path.join(folder, file), bytes)
      await writeFile(path.join(folder, `${file}.new`), JSON.stringify(object))
      await rename(path.join(folder, `${file}.new`), descriptionOf(object.key))
      const former = objects.get(object.key)
      objects.set(object.key, object)
      if (former !== undefined) await rm(path.join(folder, former.file), { force: true })
      return object
    },

    async read ({ file }) { return await readFile(path.join(folder, file)) },

    async delete (key) {
      const object = objects.get(key)
      objects.delete(key)
      await rm(descriptionOf(key), { force: true })
      if (object !== undefined) await rm(path.join(folder, object.file), { force: true })
    }
  }
}
