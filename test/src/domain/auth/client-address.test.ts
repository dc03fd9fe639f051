import t from 'tap'
import { bucketOf, maskAddress, unknownAddress } from '../../../../src/domain/auth/client-address.ts'

/** Each address with its bucket and its mask. */
const addresses: Array<[string | undefined, string, string | null]> = [
  ['203.0.113.7', '203.0.113.7', '203.0.113.x'],
  ['0.0.0.0', '0.0.0.0', '0.0.0.x'],
  ['255.255.255.255', '255.255.255.255', '255.255.255.x'],
  ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.x'],
  ['::FFFF:cb00:7107', '203.0.113.7', '203.0.113.x'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7', '203.0.113.x'],
  ['0000:0000:0000:0000:0000:FFFF:CB00:7107', '203.0.113.7', '203.0.113.x'],
  ['::ffff:203.0.113.7%1', '203.0.113.7', '203.0.113.x'],
  ['::ffff:0:0', '0.0.0.0', '0.0.0.x'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::x'],
  ['2001:DB8:0001:0002::', '2001:db8:1:2::/64', '2001:db8:1::x'],
  ['2001:db8:1:2:ffff:ffff:255.255.255.255', '2001:db8:1:2::/64', '2001:db8:1::x'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64', '2001:db8:1::x'],
  ['2001:db8::1', '2001:db8::/64', '2001:db8:0::x'],
  ['2001:db8:0:0:1::', '2001:db8::/64', '2001:db8:0::x'],
  ['2001:db8::1:0:0:0:0', '2001:db8:0:1::/64', '2001:db8:0::x'],
  ['2001::1:2:3:4:5:6', '2001:0:1:2::/64', '2001:0:1::x'],
  ['fe80::1%eth0', 'fe80::/64', 'fe80:0:0::x'],
  ['fe80::1', 'fe80::/64', 'fe80:0:0::x'],
  ['::1', '::/64', '0:0:0::x'],
  ['::', '::/64', '0:0:0::x'],
  ['::203.0.113.7', '::/64', '0:0:0::x'],
  ['::ffff:0:203.0.113.7', '::/64', '0:0:0::x'],
  ['0:0:0:1:2:3:4:5', '0:0:0:1::/64', '0:0:0::x'],
  ['1::8', '1::/64', '1:0:0::x'],
  [undefined, unknownAddress, null],
  ...['', ' ', 'unknown', 'unix:', 'localhost', '203.0.113', '203.0.113.256', '203.0.113.07', ' 203.0.113.7', '203.0.113.7:443', '203.0.113.7%1',
    '203.0.113.7\n', '3405803783', '0xcb007107', '[::1]', ':::', '2001:db8', '2001:db8::g', '2001:db8::1/64',
    '1:2:3:4:5:6:7:8:9', '::ffff:203.0.113.256',
    '203.0.113.7, 203.0.113.8'].map((text): [string, string, null] => [text, unknownAddress, null])
]

for (const [address, bucket, mask] of addresses) {
  t.test(`${JSON.stringify(address)} has the bucket ${bucket} and the mask ${mask}`, async (t) => {
    t.equal(bucketOf(address), bucket)
    t.equal(maskAddress(address), mask)
  })
}

t.test('the addresses of a /64 share one bucket, and the next /64 has another', async (t) => {
  const spellings = [
    '2001:db8:0:a::', '2001:db8:0:a:ffff:ffff:ffff:ffff', '2001:0DB8:0000:000A::1', '2001:db8:0:a:0:0:0:1', '2001:db8::a:0:0:0:1%2'
  ]
  t.strictSame(new Set(spellings.map(bucketOf)), new Set(['2001:db8:0:a::/64']))
  t.not(bucketOf('2001:db8:0:b::'), bucketOf('2001:db8:0:a::'))
})

t.test('a bucket is not an address, so a client cannot claim the bucket of another', async (t) => {
  for (const [address] of addresses) {
    const bucket = bucketOf(address)
    t.equal(bucketOf(bucket), /^[\d.]+$/.test(bucket) ? bucket : unknownAddress)
  }
})
