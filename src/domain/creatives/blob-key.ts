import { variants, type Variant } from './image.ts'

/** 32 hexadecimal digits of the image, a dot and the variant. Nothing in it comes from a client. */
export type BlobKey = `${string}.${Variant}`

const pattern = new RegExp(`^[0-9a-f]{32}\\.(${variants.join('|')})$`)

/** True if a name is the key of a blob. */
export function isBlobKey (name: string): name is BlobKey {
  return pattern.test(name)
}

/** Splits a key into the key of the image and the variant. */
export function parseKey (key: BlobKey): { image: string, variant: Variant } {
  return { image: key.slice(0, 32), variant: key.slice(33) as Variant }
}

/** @throws {TypeError} for anything but a key, so that no name escapes the store */
export function checkKey (key: string): void {
  if (!isBlobKey(key)) throw new TypeError('not the key of a blob')
}
