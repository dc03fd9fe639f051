import t from 'tap'
import { loadConfig } from '../../../src/config/index.ts'
import { findProblems } from '../../support/config-problems.ts'

for (const [env, expected] of [
  [{}, { httpProxy: undefined, httpsProxy: undefined, noProxy: [] }],
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }, { httpsProxy: 'http://proxy.example:3128/' }],
  [{ https_proxy: 'https://user:p%40ss@proxy.example' }, { httpsProxy: 'https://user:p%40ss@proxy.example/' }],
  [{ HTTP_PROXY: 'proxy.example:3128' }, { httpProxy: 'http://proxy.example:3128/' }],
  [{ http_proxy: 'http://lower', HTTP_PROXY: 'http://upper' }, { httpProxy: 'http://lower/' }],
  [{ http_proxy: ' ', HTTP_PROXY: 'http://upper' }, { httpProxy: 'http://upper/' }],
  [{ NO_PROXY: 'a.example, b.example c.example,,' }, { noProxy: ['a.example', 'b.example', 'c.example'] }],
  [{ no_proxy: '*', NO_PROXY: 'a.example' }, { noProxy: ['*'] }]
] as const) {
  t.test(`${JSON.stringify(env)} is accepted`, async (t) => {
    t.match(loadConfig(env).outbound, expected)
  })
}

for (const value of ['socks5://user:hunter2@proxy.example', 'http://', 'ftp://hunter2.example', 'http://a:hunter2%@proxy.example']) {
  t.test(`a proxy at ${value} is refused without repeating the value`, async (t) => {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'https_proxy']) {
      t.strictSame(findProblems({ [name]: value }), [
        `${name.toUpperCase()} is not the URL of an HTTP proxy, such as http://proxy.example.com:3128`
      ])
    }
  })
}
