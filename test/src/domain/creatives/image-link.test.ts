import t from 'tap'
import {
  createImageLinkSigner, checkImageLink, linkEnd, signImageLink, type ImageLink
} from '../../../../src/domain/creatives/image-link.ts'
import { variants } from '../../../../src/domain/creatives/image.ts'
import { createKeyring } from '../../../../src/domain/auth/keyring.ts'

const [old, fresh] = ['o'.repeat(32), 'f'.repeat(32)] as const
const keyring = createKeyring([old])
const now = Date.UTC(2026, 0, 15, 10, 30)
const link: ImageLink = { creativeId: 7, variant: 'original', sha256: Buffer.alloc(32, 7), expires: linkEnd(now) }
const signature = signImageLink(keyring, link)

t.test('a link expires at the second full hour, so links of the same hour are equal', async (t) => {
  const hour = Date.UTC(2026, 0, 15, 10)
  const end = Date.UTC(2026, 0, 15, 12) / 1000
  for (const moment of [hour, hour + 1, hour + 1_800_000, hour + 3_599_999]) t.equal(linkEnd(moment), end)
  t.equal(linkEnd(hour - 1), end - 3600)
  t.equal(linkEnd(hour + 3_600_000), end + 3600)
})

t.test('a link is valid until it expires', async (t) => {
  t.match(signature, /^[\w-]{43}$/)
  t.equal(signImageLink(keyring, link), signature)
  t.equal(checkImageLink(keyring, link, signature, now), 'valid')
  t.equal(checkImageLink(keyring, link, signature, link.expires * 1000 - 1), 'valid')
  t.equal(checkImageLink(keyring, link, signature, link.expires * 1000), 'expired')
})

t.test('a signature is valid only for the link that it was made for', async (t) => {
  const others: Record<string, ImageLink> = {
    'another creative': { ...link, creativeId: 8 },
    'another variant': { ...link, variant: 'preview' },
    'another content': { ...link, sha256: Buffer.alloc(32, 8) },
    'a later expiry': { ...link, expires: link.expires + 3600 },
    'an expiry that is not a number': { ...link, expires: NaN }
  }
  for (const [what, other] of Object.entries(others)) t.equal(checkImageLink(keyring, other, signature, now), 'forged', what)
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const respelled = [`${signature}=`, `${signature}!`, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('')
    .map((last) => `${signature.slice(0, -1)}${last}`).filter((text) => text !== signature)]
  for (const forged of ['', 'A', flipped, signature.slice(0, -1), `${signature}A`, 'é'.repeat(43), signature.toUpperCase(), ...respelled]) {
    t.equal(checkImageLink(keyring, link, forged, now), 'forged', JSON.stringify(forged))
  }
})

t.test('links stay valid when the secret is rotated, until it is removed', async (t) => {
  t.equal(checkImageLink(createKeyring([fresh, old]), link, signature, now), 'valid')
  const newer = signImageLink(createKeyring([fresh]), link)
  t.equal(checkImageLink(createKeyring([old, fresh]), link, newer, now), 'valid', 'they stay valid also if the old secret only verifies')
  t.equal(checkImageLink(createKeyring([fresh]), link, signature, now), 'forged')
})

t.test('a memoized link equals a fresh one for every variant, image, content and hour', async (t) => {
  const signer = createImageLinkSigner(keyring)
  const all = [1, 2, 1, 3].flatMap((creativeId) => ['one', 'two'].map((content) => ({ creativeId, sha256: Buffer.from(content) })))
  for (const expires of [3600, 7200, 3600]) {
    for (const links of [...all, ...all]) {
      const paths = signer.sign({ ...links, expires })
      for (const variant of variants) {
        const { pathname, searchParams } = new URL(paths[variant], 'http://localhost')
        t.equal(pathname, `/creatives/${links.creativeId}/image`)
        t.match(Object.fromEntries(searchParams), {
          expires: String(expires), signature: signImageLink(keyring, { ...links, variant, expires })
        })
        t.equal(searchParams.get('variant') ?? 'original', variant)
      }
      t.equal(new Set(Object.values(paths)).size, 3)
    }
  }
})
