import { variants, type Variant } from './image.ts'

/** 32 hexadecimal digits of the image, a dot and the variant. Nothing in it comes from a client. */
export type BlobKey = `${string}.${Variant}`

const pattern = new RegExp(`^[0-9a-f]{32}\\.(${variants.join('|')})$`)

/** Whether a name that was found is one of ours. */
export function isBlobKey (name: string): name is BlobKey {
  return pattern.test(name)
}

/** The image, and which of its forms. */
export function partsOfKey (key: BlobKey): { image: string, variant: Variant } {
  return { image: key.slice(0, 32), variant: key.slice(33) as Variant }
}

/** @throws {TypeError} for anything but a key, so that no name leads out of the store. */
export function checkKey (key: string): void {
  if (!isBlobKey(key)) throw new TypeError('not the key of a blob')
}
