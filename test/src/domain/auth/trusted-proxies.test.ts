import t from 'tap'
import { createProxyTrust, findNetworkProblem } from '../../../../src/domain/auth/trusted-proxies.ts'

/** Entries of TRUST_PROXY, with addresses that they trust and others. */
const networks: Array<[entry: string, trusted: string[], others: string[]]> = [
  ['10.0.0.1', ['10.0.0.1', '::ffff:10.0.0.1', '::FFFF:0a00:0001', '10.0.0.1:4121', '[::ffff:10.0.0.1]:80'], ['10.0.0.2', '::10.0.0.1']],
  ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0', 'a00::', '::a00:1']],
  ['10.1.2.3/8', ['10.200.0.1'], ['11.1.2.3']],
  ['192.168.1.0/30', ['192.168.1.3'], ['192.168.1.4']],
  ['::ffff:10.0.0.0/104', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.1']],
  ['::ffff:10.0.0.1', ['10.0.0.1'], ['10.0.0.2']],
  ['fd00::/8', ['fd00::1', 'FDFF::1', '[fd00::1]', '[fd00::1]:443', 'fd00::1%eth0'], ['fe00::1', '253.0.0.1']],
  ['2001:db8::1', ['2001:db8::1', '2001:0DB8:0:0::1'], ['2001:db8::2']],
  ['fe80::1%eth0', ['fe80::1', 'fe80::1%eth0'], ['fe80::2%eth0']],
  ['::/1', ['::1', '2001:db8::1'], ['8.8.8.8', '::ffff:8.8.8.8', 'fd00::1']],
  ['loopback', ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'], ['126.0.0.1', '::2', '10.0.0.1']],
  ['linklocal', ['169.254.169.254', 'fe80::1%eth0', 'febf::1'], ['169.253.0.1', 'fec0::1']],
  ['uniquelocal', [
    '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fdff::1'
  ], ['172.15.0.1', '172.32.0.1', '127.0.0.1', '100.64.0.1']]
]

for (const [entry, trusted, others] of networks) {
  t.test(`${entry} trusts the addresses of its network and no others`, async (t) => {
    t.equal(findNetworkProblem(entry), undefined)
    const isTrusted = createProxyTrust([entry])
    for (const address of trusted) t.equal(isTrusted(address), true, address)
    for (const address of others) t.equal(isTrusted(address), false, address)
  })
}

t.test('a text that is not an address is never trusted', async (t) => {
  const isTrusted = createProxyTrust(['loopback', 'linklocal', 'uniquelocal', '0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'])
  t.ok(isTrusted('203.0.113.7') && isTrusted('2001:db8::1'))
  for (const text of [undefined, '', 'unknown', '_hidden', 'localhost', '10.0.0.1, 10.0.0.2', '10.0.0', '10.0.0.1:', '[::1', '::1]']) {
    t.equal(isTrusted(text), false, String(text))
  }
})

t.test('no entries trust nobody', async (t) => {
  t.equal(createProxyTrust([])('127.0.0.1'), false)
})

t.test('a range of all addresses is refused, because the service would trust what clients write', async (t) => {
  for (const entry of ['0.0.0.0/0', '10.0.0.0/0', '::/0', '::ffff:0:0/96', '::ffff:0.0.0.0/64']) {
    const problem = `: ${entry} contains every client, so the service would trust an address that the client wrote.`
    t.equal(findNetworkProblem(entry), `${problem} Name the networks of your proxies`)
  }
})

t.test('anything else is refused with the reason', async (t) => {
  const entries = [
    '1', '2', 'true', 'false', '*', 'Loopback', 'private', 'nginx', '10.0.0',
    '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/a',
    '10.0.0.0/255.0.0.0', '::1/129', '::ffff:10.0.0.0/129', '[::1]', '10.0.0.1:80', '/8', 'loopback/8'
  ]
  for (const entry of entries) {
    t.match(findNetworkProblem(entry), `: ${entry} is not an address or CIDR range, and not loopback, linklocal or uniquelocal. `, entry)
  }
})
