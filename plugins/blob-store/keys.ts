import { variants } from '../../src/domain/image.ts'
import type { BlobKey } from './contract.ts'

const pattern = new RegExp(`^[0-9a-f]{32}\\.(${variants.join('|')})$`)

/** Whether a name that was found is one of ours. */
export function isBlobKey (name: string): name is BlobKey {
  // `$` would let a line break pass.
  return pattern.test(name) && !name.endsWith('\n')
}

/** @throws {TypeError} for anything but a key, so that no name leads out of the store. */
export function checkKey (key: string): void {
  if (!isBlobKey(key)) throw new TypeError('not the key of a blob')
}
