import { hash, type KeyObject } from 'node:crypto'

/*
 * HMAC-SHA-256 (RFC 2104) by the one-shot hash function of Node: hash(outer key, hash(inner key, message)). `createHmac` creates a
 * native object for each message, which takes three times as long; a login computes eight of them.
 * test/src/domain/auth/keyring.test.ts compares the two.
 */

const blockBytes = 64
const digestBytes = 32
const lengthBytes = 4

/** The keys of the two hashes, each at the beginning of a buffer for its input. */
interface Buffers {
  inner: Buffer
  outer: Buffer
}

const buffersByKey = new WeakMap<KeyObject, Buffers>()

function findBuffers (key: KeyObject): Buffers {
  let buffers = buffersByKey.get(key)
  if (buffers === undefined) {
    const secret = key.export()
    const block = Buffer.alloc(blockBytes)
    block.set(secret.length > blockBytes ? hash('sha256', secret, 'buffer') : secret)
    buffers = { inner: xor(block, 0x36, blockBytes), outer: xor(block, 0x5c, blockBytes + digestBytes) }
    buffersByKey.set(key, buffers)
  }
  return buffers
}

function xor (block: Buffer, mask: number, size: number): Buffer {
  const buffer = Buffer.alloc(size)
  buffer.set(block.map((byte) => byte ^ mask))
  return buffer
}

/**
 * Computes the inner hash of a message of parts, each preceded by its length. Returns the input of the outer hash, which is valid
 * until the next call.
 */
export function hashInner (key: KeyObject, parts: readonly string[]): Buffer {
  const buffers = findBuffers(key)
  const length = parts.reduce((sum, part) => sum + lengthBytes + Buffer.byteLength(part), blockBytes)
  if (buffers.inner.length < length) {
    buffers.inner = Buffer.concat([buffers.inner.subarray(0, blockBytes), Buffer.alloc(2 * length)])
  }
  const { inner, outer } = buffers
  let offset = blockBytes
  for (const part of parts) {
    const size = inner.write(part, offset + lengthBytes)
    offset = inner.writeUInt32BE(size, offset) + size
  }
  outer.write(hash('sha256', inner.subarray(0, length), 'hex'), blockBytes, 'hex')
  return outer
}
