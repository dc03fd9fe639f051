import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** Of nonces drawn at once: asking the system costs more than the nonce does. They are no secrets. */
let block: Buffer = Buffer.alloc(0)
const blockBytes = 256 * nonceBytes

function nextNonce (): Buffer {
  if (block.length === 0) block = randomBytes(blockBytes)
  const nonce = block.subarray(0, nonceBytes)
  block = block.subarray(nonceBytes)
  return nonce
}

/** AES-256-GCM under a 32-byte key, bound to a context: moved to another context it does not open. */
export function sealText (key: KeyObject, context: string, text: string): string {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Opens what `sealText` made; `undefined` for anything else. */
export function unsealText (key: KeyObject, context: string, sealed: string): string | undefined {
  try {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
