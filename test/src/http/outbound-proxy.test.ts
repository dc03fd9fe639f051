import t from 'tap'
import { findProxy } from '../../../src/http/outbound-proxy.ts'

const both = { httpProxy: 'http://plain:1/', httpsProxy: 'http://secure:1/' }

for (const [url, proxies, expected] of [
  ['https://api.twilio.com', both, 'http://secure:1/'],
  ['http://sms.example', both, 'http://plain:1/'],
  ['https://api.twilio.com', { ...both, httpsProxy: undefined }, 'http://plain:1/'],
  ['http://sms.example', { ...both, httpProxy: undefined }, undefined],
  ['https://api.twilio.com', { httpProxy: undefined, httpsProxy: undefined }, undefined],
  ['http://localhost:4010', both, undefined],
  ['http://127.0.0.1:4010', both, undefined],
  ['https://127.8.9.1', both, undefined],
  ['https://[::1]:9', both, undefined],
  ['https://sms.localhost', both, undefined],
  ['https://localhost.', both, undefined],
  ['https://localhost.example', both, 'http://secure:1/'],
  ['https://10.0.0.1', both, 'http://secure:1/']
] as const) {
  t.test(`${url} is called ${expected === undefined ? 'directly' : `through ${expected}`} (${JSON.stringify(proxies)})`, async (t) => {
    t.equal(findProxy(new URL(url), { ...proxies, noProxy: [] }), expected)
  })
}

const exceptions: Array<[entry: string, url: string, isDirect: boolean]> = [
  ['*', 'https://a.example', true],
  ['*:443', 'https://a.example', true],
  ['*:80', 'https://a.example', false],
  ['a.example', 'https://a.example', true],
  ['A.Example', 'https://a.example', true],
  ['a.example.', 'https://a.example', true],
  ['a.example', 'https://a.example.', true],
  ['a.example', 'https://s3.a.example', true],
  ['a.example', 'https://ba.example', false],
  ['.a.example', 'https://a.example', true],
  ['.a.example', 'https://s3.a.example', true],
  ['*.a.example', 'https://s3.a.example', true],
  ['*.a.example', 'https://a.example', false],
  ['a.example:8443', 'https://a.example:8443', true],
  ['a.example:8443', 'https://a.example', false],
  ['a.example:443', 'https://a.example', true],
  ['a.example:80', 'http://a.example', true],
  ['.', 'https://a.example', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3:9000', 'https://10.1.2.3:9000', true],
  ['10.1.2.3:9000', 'https://10.1.2.3:9001', false],
  ['10.1.2.3', 'https://10.1.2.30', false],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/33', 'https://10.1.2.3', false],
  ['10.0.0.0/-1', 'https://10.1.2.3', false],
  ['10.0.0.0/8/8', 'https://10.1.2.3', false],
  ['10.0.0.0/x', 'https://10.1.2.3', false],
  ['10.0.0.0/8', 'https://[fd00::1]', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['fd00::/129', 'https://[fd00::1]', false],
  ['fd00::1', 'https://[fd00::1]', true],
  ['fd00:0:0::1', 'https://[fd00::1]:9000', true],
  ['[fd00::1]', 'https://[fd00::1]', true],
  ['[fd00::1]:9000', 'https://[fd00::1]:9000', true],
  ['[fd00::1]:9000', 'https://[fd00::1]', false],
  ['a.example', 'https://10.1.2.3', false]
]

for (const [entry, url, isDirect] of exceptions) {
  t.test(`with NO_PROXY=${entry}, ${url} is called ${isDirect ? 'directly' : 'through the proxy'}`, async (t) => {
    t.equal(findProxy(new URL(url), { ...both, noProxy: ['other.example', entry] }) === undefined, isDirect)
  })
}
