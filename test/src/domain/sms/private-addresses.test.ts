import t from 'tap'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'

const isPrivate: Record<string, string[]> = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  'private networks': ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  'carrier NAT': ['100.64.0.1', '100.127.255.255'],
  'link-local, with the metadata services of clouds': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  'unique local': ['fc00::1', 'fd00:ec2::254', 'fdff::1'],
  'site-local': ['fec0::1'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
  reserved: ['240.0.0.1', '255.255.255.255', '100::1', '5f00::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'special purposes': ['192.0.0.1', '192.88.99.1', '198.18.0.1', '198.19.255.255'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:192.168.1.1', '::FFFF:100.64.0.1'],
  'IPv4-translated': ['::ffff:0:7f00:1', '::ffff:0:10.0.0.1', '::FFFF:0:a9fe:a9fe'],
  'IPv4-compatible': ['::127.0.0.1', '::10.0.0.1', '::8.8.8.8'],
  NAT64: ['64:ff9b::10.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1'],
  Teredo: ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  'no address': ['', 'localhost', '127.1', '2130706433', '0x7f.0.0.1', '[::1]', '10.0.0.1/8', ' 8.8.8.8']
}

for (const [what, addresses] of Object.entries(isPrivate)) {
  t.test(`${what} is not in the public internet`, async (t) => {
    for (const address of addresses) t.equal(isPublicAddress(address), false, address)
  })
}

t.test('adjacent addresses are in the public internet', async (t) => {
  const addresses = [
    '1.0.0.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1',
    '169.253.255.255', '169.255.0.0',
    '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255',
    '2606:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8', '::ffff:0:8.8.8.8'
  ]
  for (const address of addresses) t.equal(isPublicAddress(address), true, address)
})
