import { timingSafeEqual } from 'node:crypto'
import { variants, type Variant } from './image.ts'
import { authenticateText, type Keyring } from '../auth/keyring.ts'

/** What the links of a creative open: its image with this content, until they end. */
export interface ImageLinks {
  creativeId: number
  /** Of the original; a replaced image has other links. */
  sha256: Buffer
  /** Unix seconds. */
  expires: number
}

/** One of them. */
export interface ImageLink extends ImageLinks {
  variant: Variant
}

const hourSeconds = 3600

/** The second full hour from now: links made within an hour are the same, so caches keep what they have. */
export function linkEnd (nowMs: number): number {
  return (Math.floor(nowMs / 1000 / hourSeconds) + 2) * hourSeconds
}

/** Signature in base64url, 43 characters. */
export function signImageLink (keyring: Keyring, link: ImageLink): string {
  return authenticateText(keyring.current.key('image url'), partsOf(link))
}

/** More than the lists of a day show; beyond it the signatures are made anew. */
const maximumKept = 10_000

export type Signatures = Record<Variant, string>

export interface ImageLinkSigner {
  /** One signature a variant. */
  sign (links: ImageLinks): Signatures
}

/** Signs, and keeps the signatures of this hour: a list asks for the same ones with every request. */
export function createImageLinkSigner (keyring: Keyring): ImageLinkSigner {
  const kept = new Map<number, { sha256: Buffer, signatures: Signatures }>()
  let hour = 0
  return {
    sign (links) {
      if (links.expires !== hour || kept.size >= maximumKept) kept.clear()
      hour = links.expires
      const known = kept.get(links.creativeId)
      if (known?.sha256.equals(links.sha256) === true) return known.signatures
      const signatures = Object.fromEntries(variants.map((variant) => [variant, signImageLink(keyring, { ...links, variant })])) as Signatures
      kept.set(links.creativeId, { sha256: links.sha256, signatures })
      return signatures
    }
  }
}

/** Whether a secret in force signed this link and it has not ended. */
export function isImageLinkValid (keyring: Keyring, link: ImageLink, signature: string, nowMs: number): boolean {
  if (link.expires * 1000 <= nowMs) return false
  // Texts are compared, not bytes: base64url has several spellings of the same bytes.
  const given = Buffer.from(signature)
  return keyring.all.some((secret) => {
    const expected = Buffer.from(authenticateText(secret.key('image url'), partsOf(link)))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function partsOf ({ variant, creativeId, sha256, expires }: ImageLink): string[] {
  return [variant, String(creativeId), sha256.toString('hex'), String(expires)]
}
