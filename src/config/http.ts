import { integer, list, optionalInteger, optionalText, text, validateUrl } from './parsers.ts'
import type { ValuesOf } from './setting.ts'
import { findNetworkProblem } from '../domain/auth/trusted-proxies.ts'
import { localUrl } from '../http/hosts.ts'
import { findOriginProblem } from '../http/origins.ts'

const ports = { minimum: 0, maximum: 65_535 }

export const httpSettings = {
  host: text('HOST', '127.0.0.1', 'Address to listen on'),
  port: integer('PORT', 4000, 'Port to listen on', ports),
  workerPort: optionalInteger(
    'WORKER_PORT', 'Port of `npm run worker` for `/health` and `/metrics`, on HOST; a worker does not listen when unset', ports
  ),
  publicUrl: optionalText(
    'PUBLIC_URL', 'Base of the URLs that the service returns; derived from HOST and PORT when unset', validateUrl(['http:', 'https:'])
  ),
  trustedProxies: list(
    'TRUST_PROXY',
    'Comma-separated addresses and CIDR ranges of proxies whose X-Forwarded-For is trusted; `loopback`, `linklocal` and `uniquelocal` ' +
      'stand for such networks',
    findNetworkProblem
  ),
  corsOrigins: list(
    'CORS_ORIGINS',
    'Comma-separated origins from which browsers and app shells may call the service, such as `https://app.example.com`, ' +
      '`https://*.example.com` or `capacitor://localhost`',
    findOriginProblem
  ),
  corsHeaders: list(
    'CORS_HEADERS', 'Comma-separated request headers that pages of CORS_ORIGINS may send beside the usual ones', findHeaderProblem
  )
}

export interface HttpConfig extends ValuesOf<typeof httpSettings> {
  /** PUBLIC_URL, or the URL of HOST and PORT; without a slash at its end. */
  baseUrl: string
}

export function deriveHttp (values: ValuesOf<typeof httpSettings>): HttpConfig {
  const publicUrl = values.publicUrl?.replace(/\/+$/, '')
  return { ...values, publicUrl, baseUrl: publicUrl ?? localUrl(values.host, values.port) }
}

/** A header name is a token (RFC 9110, §5.6.2). */
function findHeaderProblem (name: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? undefined : `: ${name} is not the name of a header`
}
