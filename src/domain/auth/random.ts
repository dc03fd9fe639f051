import { randomFillSync } from 'node:crypto'

const block = Buffer.alloc(4096)
let used = block.length

/** Returns cryptographically random bytes. One call of the system for many costs less than a call for each. */
export function takeRandomBytes (size: number): Buffer {
  if (used + size > block.length) {
    randomFillSync(block)
    used = 0
  }
  const bytes = Buffer.from(block.subarray(used, used + size))
  block.fill(0, used, used + size)
  used += size
  return bytes
}
