import { optional, splitList } from './parsers.ts'
import { SettingError, type Setting, type ValuesOf } from './setting.ts'

/** The variables that programs share for proxies. The lower-case name has precedence, as for curl and undici. */
export const outboundSettings = {
  httpsProxy: withLowerCase(optional(
    'HTTPS_PROXY',
    'Proxy (`http://user:password@host:port`) for calls to `https:` servers: Twilio, the SMS webhook, S3; HTTP_PROXY when unset',
    (text) => parseProxy('HTTPS_PROXY', text)
  )),
  httpProxy: withLowerCase(optional('HTTP_PROXY', 'Proxy for calls to `http:` servers', (text) => parseProxy('HTTP_PROXY', text))),
  noProxy: withLowerCase({
    name: 'NO_PROXY',
    description: 'Comma-separated hosts, domains (`.example.com`), addresses and networks that are called directly; loopback always is',
    initial: undefined,
    parse: (text): readonly string[] => splitList(text?.replaceAll(/\s/g, ','))
  })
}

export type OutboundConfig = ValuesOf<typeof outboundSettings>

function withLowerCase<Value> (setting: Setting<Value>): Setting<Value> {
  return { ...setting, alias: setting.name.toLowerCase() }
}

/** Adds `http:` to a value without a scheme. The problem does not repeat the value, which may contain a password. */
function parseProxy (name: string, text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && hasDecodableCredentials(url)) return url.href
  throw new SettingError([`${name} is not the URL of an HTTP proxy, such as http://proxy.example.com:3128`])
}

function hasDecodableCredentials ({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(`${username}:${password}`) !== ''
  } catch {
    return false
  }
}
