import t from 'tap'
import { findOriginProblem, toOriginMatcher } from '../../../src/http/origins.ts'

/** Origins of pages and app shells, which are compared as they are. */
const accepted = [
  'https://app.example.com', 'http://localhost', 'https://localhost', 'http://localhost:3000', 'https://app.example.com:8443',
  'http://127.0.0.1:5173', 'http://[::1]:5173', 'https://xn--bcher-kva.example', 'https://a_b.example',
  'capacitor://localhost', 'ionic://localhost', 'httpsionic://localhost', 'app://localhost', 'app://-', 'app://.', 'app://com.example.desk',
  'tauri://localhost', 'http://tauri.localhost', 'https://tauri.localhost', 'tauri://localhost:1420',
  'wails://wails', 'wails://wails.localhost:34115', 'exp://192.168.1.2:8081', 'vscode-webview://1a2b', 'ms-appx-web://example.app',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'moz-extension://0a1b2c3d-4e5f-6789-abcd-ef0123456789',
  'safari-web-extension://E8A2C9F0-1234-5678-9ABC-DEF012345678', 'file://'
]

t.test('origins of pages and of app shells are accepted as they are', async (t) => {
  for (const origin of accepted) {
    t.equal(findOriginProblem(origin), undefined, origin)
    t.equal(toOriginMatcher(origin), origin)
  }
})

t.test('an entry that no browser sends is refused with the origin to write instead', async (t) => {
  const corrections = [
    ['https://app.example.com/', 'https://app.example.com'], ['https://app.example.com/app?x#y', 'https://app.example.com'],
    ['https://APP.example.com', 'https://app.example.com'], ['HTTPS://app.example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'], ['http://app.example.com:80', 'http://app.example.com'],
    ['https://user@app.example.com', 'https://app.example.com'], ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['capacitor://localhost/', 'capacitor://localhost'], ['Capacitor://localhost', 'capacitor://localhost'],
    ['app://localhost/index.html', 'app://localhost'], ['file:///', 'file://'], ['file:///android_asset/www/index.html', 'file://']
  ] as const
  for (const [entry, origin] of corrections) {
    t.equal(findOriginProblem(entry), `: a browser never sends ${entry} as the origin. Write ${origin}`)
    t.equal(findOriginProblem(origin), undefined)
  }
})

t.test('anything else is refused', async (t) => {
  const entries = [
    'example.com', 'app.example.com:443', 'localhost:3000', '//example.com', 'https://', 'capacitor://', 'capacitor:localhost', 'app',
    'data:text/html,x', 'about:blank', 'javascript:alert(1)', 'mailto:a@example.com', 'https://a b.example', 'true', 'capacitor'
  ]
  for (const entry of entries) {
    t.equal(findOriginProblem(entry), `: ${entry} is not an origin such as https://app.example.com or capacitor://localhost`)
  }
  t.match(findOriginProblem('null'), /^: null is the origin of every sandboxed frame and of local files, .* write that origin$/)
})

t.test('a wildcard allows the subdomains of one domain, with its scheme and port', async (t) => {
  const rows: Array<[entry: string, allowed: string[], others: string[]]> = [
    ['https://*.example.com', [
      'https://a.example.com', 'https://a.b.example.com', 'https://pr-12_x.example.com', 'https://xn--bcher-kva.example.com'
    ], [
      'https://example.com', 'https://evilexample.com', 'https://.example.com', 'https://a..example.com', 'https://evil-example.com',
      'http://a.example.com', 'https://a.example.com:8443', 'https://a.example.com.evil.example', 'https://a.example.com.',
      'https://aXexample.com', 'https://a.exampleXcom', 'https://evil.example/.example.com', 'https://evil.example#.example.com',
      'https://evil.example?.example.com', 'https://evil.example:.example.com', 'https://a@b.example.com', 'https://A.example.com',
      'https://evil.example\\.example.com', 'https://a.example.com\n', '\nhttps://a.example.com', 'xhttps://a.example.com', 'null', '', '*'
    ]],
    ['https://*.example.com:8443', ['https://a.example.com:8443'], ['https://a.example.com', 'https://a.example.com:84430']],
    ['http://*.localhost:3000', ['http://tenant.localhost:3000'], ['http://localhost:3000', 'http://tenantlocalhost:3000']]
  ]
  for (const [entry, allowed, others] of rows) {
    t.equal(findOriginProblem(entry), undefined, entry)
    const pattern = new RegExp(toOriginMatcher(entry))
    for (const origin of allowed) t.match(origin, pattern, `${entry} allows ${origin}`)
    for (const origin of others) t.notMatch(origin, pattern, `${entry} does not allow ${JSON.stringify(origin)}`)
  }
})

const help = 'A * stands for the subdomains of a domain, with http or https, as in https://*.example.com'

t.test('a wildcard in another place is refused with the form that is allowed', async (t) => {
  const entries = [
    '*', '*.example.com', 'https://*', 'https://*.com', 'https://*example.com', 'https://a.*.example.com', 'https://a*.example.com',
    'https://*.*.example.com', 'https://*.example.*', 'https://*.example.com/', 'https://*.Example.com', 'https://*.example.com:443',
    'https://*.example.com:*', 'https://*.1.2.3.4', '*://a.example.com', 'ftp://*.example.com', 'http*://a.example.com',
    'capacitor://*', 'chrome-extension://*', 'app://*.example.com', 'https://*.example..com', 'https://*.example.com.',
    'https://x@*.example.com'
  ]
  for (const entry of entries) {
    t.equal(findOriginProblem(entry), `: ${entry} is not allowed. ${help}`)
  }
})
