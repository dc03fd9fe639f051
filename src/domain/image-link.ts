import { timingSafeEqual } from 'node:crypto'
import { authenticate, type Keyring } from './keyring.ts'

/** What a link opens: one image, with this content, until it ends. */
export interface ImageLink {
  creativeId: number
  sha256: Buffer
  /** Unix seconds. */
  expires: number
}

const hourSeconds = 3600

/** The second full hour from now: links made within an hour are the same, so caches keep what they have. */
export function linkEnd (nowMs: number): number {
  return (Math.floor(nowMs / 1000 / hourSeconds) + 2) * hourSeconds
}

/** Signature in base64url, 43 characters. */
export function signImageLink (keyring: Keyring, link: ImageLink): string {
  return authenticate(keyring.current.key('image url'), partsOf(link)).toString('base64url')
}

/** More than the lists of a day show; beyond it the signatures are made anew. */
const maximumKept = 10_000

export interface ImageLinkSigner {
  sign (link: ImageLink): string
}

/** Signs, and keeps the signatures of this hour: a list asks for the same ones with every request. */
export function createImageLinkSigner (keyring: Keyring): ImageLinkSigner {
  const kept = new Map<number, { sha256: Buffer, signature: string }>()
  let hour = 0
  return {
    sign (link) {
      if (link.expires !== hour || kept.size >= maximumKept) kept.clear()
      hour = link.expires
      const known = kept.get(link.creativeId)
      if (known?.sha256.equals(link.sha256) === true) return known.signature
      const signature = signImageLink(keyring, link)
      kept.set(link.creativeId, { sha256: link.sha256, signature })
      return signature
    }
  }
}

/** Whether a secret in force signed this link and it has not ended. */
export function isImageLinkValid (keyring: Keyring, link: ImageLink, signature: string, nowMs: number): boolean {
  if (link.expires * 1000 <= nowMs) return false
  // Texts are compared, not bytes: base64url has several spellings of the same bytes.
  const given = Buffer.from(signature)
  return keyring.all.some((secret) => {
    const expected = Buffer.from(authenticate(secret.key('image url'), partsOf(link)).toString('base64url'))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function partsOf ({ creativeId, sha256, expires }: ImageLink): string[] {
  return ['original', String(creativeId), sha256.toString('hex'), String(expires)]
}
