const schemesWithWildcard = ['http:', 'https:']
/** Two labels, so that one entry does not allow the sites of a whole top-level domain; `localhost` belongs to this machine. */
const wildcardHost = /^\*\.(?:[^.*]+(?:\.[^.*]+)+|localhost)$/
const wildcardHelp = 'A * stands for the subdomains of a domain, with http or https, as in https://*.example.com'

/**
 * Returns what is wrong with an entry of CORS_ORIGINS, as the end of a sentence, or `undefined` for an origin as browsers and app
 * shells send it: scheme, host and port (RFC 6454 §6.1), such as `https://app.example.com`, `capacitor://localhost` or
 * `chrome-extension://<id>`; `file://`, which some WebViews send; or `https://*.example.com`.
 */
export function findOriginProblem (entry: string): string | undefined {
  if (entry === 'null') {
    return ': null is the origin of every sandboxed frame and of local files, so any page could use it. ' +
      'Serve the app from an address or a scheme of its own, and write that origin'
  }
  if (entry.includes('*')) return findWildcardProblem(entry)
  const url = URL.parse(entry)
  if (url === null || (url.host === '' && url.protocol !== 'file:')) {
    return `: ${entry} is not an origin such as https://app.example.com or capacitor://localhost`
  }
  const origin = `${url.protocol}//${url.host}`
  return origin === entry ? undefined : `: a browser never sends ${entry} as the origin. Write ${origin}`
}

function findWildcardProblem (entry: string): string | undefined {
  const example = entry.replace('*', 'x')
  const [scheme = '', host = ''] = entry.replace(/:\d+$/, '').split('//')
  const isOrigin = URL.parse(example)?.origin === example && schemesWithWildcard.includes(scheme) && wildcardHost.test(host)
  return isOrigin ? undefined : `: ${entry} is not allowed. ${wildcardHelp}`
}

/**
 * Returns a text that equals the allowed origin, or a pattern that matches the allowed ones. `https://*.example.com` allows
 * subdomains at any depth and not `https://example.com` itself, like a host source of CSP 3 (§6.7.2.8).
 */
export function toOriginMatcher (entry: string): string | RegExp {
  const [beginning = '', end] = entry.split('*')
  return end === undefined ? entry : new RegExp(`^${RegExp.escape(beginning)}(?:[a-z0-9_-]+\\.)*[a-z0-9_-]+${RegExp.escape(end)}$`)
}
