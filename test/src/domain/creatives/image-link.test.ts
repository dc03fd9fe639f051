import t from 'tap'
import { createImageLinkSigner, isImageLinkValid, linkEnd, signImageLink, type ImageLink } from '../../../../src/domain/creatives/image-link.ts'
import { variants } from '../../../../src/domain/creatives/image.ts'
import { createKeyring } from '../../../../src/domain/auth/keyring.ts'

const [old, fresh] = ['o'.repeat(32), 'f'.repeat(32)] as const
const keyring = createKeyring([old])
const now = Date.UTC(2026, 0, 15, 10, 30)
const link: ImageLink = { creativeId: 7, variant: 'original', sha256: Buffer.alloc(32, 7), expires: linkEnd(now) }
const signature = signImageLink(keyring, link)

t.test('a link ends at the second full hour, so those made within an hour are the same', async (t) => {
  const hour = Date.UTC(2026, 0, 15, 10)
  const end = Date.UTC(2026, 0, 15, 12) / 1000
  for (const moment of [hour, hour + 1, hour + 1_800_000, hour + 3_599_999]) t.equal(linkEnd(moment), end)
  t.equal(linkEnd(hour - 1), end - 3600)
  t.equal(linkEnd(hour + 3_600_000), end + 3600)
})

t.test('a link is good to its last moment and not after', async (t) => {
  t.match(signature, /^[\w-]{43}$/)
  t.equal(signImageLink(keyring, link), signature)
  t.ok(isImageLinkValid(keyring, link, signature, now))
  t.ok(isImageLinkValid(keyring, link, signature, link.expires * 1000 - 1))
  t.notOk(isImageLinkValid(keyring, link, signature, link.expires * 1000))
})

t.test('a signature opens nothing but what it was made for', async (t) => {
  const others: Record<string, ImageLink> = {
    'another creative': { ...link, creativeId: 8 },
    'another variant': { ...link, variant: 'preview' },
    'other content': { ...link, sha256: Buffer.alloc(32, 8) },
    'a later end': { ...link, expires: link.expires + 3600 },
    'an end that is no number': { ...link, expires: NaN }
  }
  for (const [what, other] of Object.entries(others)) t.notOk(isImageLinkValid(keyring, other, signature, now), what)
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const respelled = [`${signature}=`, `${signature}!`, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('')
    .map((last) => `${signature.slice(0, -1)}${last}`).filter((text) => text !== signature)]
  for (const forged of ['', 'A', flipped, signature.slice(0, -1), `${signature}A`, 'é'.repeat(43), signature.toUpperCase(), ...respelled]) {
    t.notOk(isImageLinkValid(keyring, link, forged, now), JSON.stringify(forged))
  }
})

t.test('links outlive the rotation of the secret, and end with the secret', async (t) => {
  t.ok(isImageLinkValid(createKeyring([fresh, old]), link, signature, now))
  const newer = signImageLink(createKeyring([fresh]), link)
  t.ok(isImageLinkValid(createKeyring([old, fresh]), link, newer, now), 'also where the new one is not first yet')
  t.notOk(isImageLinkValid(createKeyring([fresh]), link, signature, now))
})

t.test('a kept signature is the one that would be made, for every variant, image, content and hour', async (t) => {
  const signer = createImageLinkSigner(keyring)
  const all = [1, 2, 1, 3].flatMap((creativeId) => ['one', 'two'].map((content) => ({ creativeId, sha256: Buffer.from(content) })))
  for (const expires of [3600, 7200, 3600]) {
    for (const links of [...all, ...all]) {
      const signatures = signer.sign({ ...links, expires })
      for (const variant of variants) t.equal(signatures[variant], signImageLink(keyring, { ...links, variant, expires }))
      t.equal(new Set(Object.values(signatures)).size, 3)
    }
  }
})
