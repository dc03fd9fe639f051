/** True if other machines cannot reach this listening address. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Returns the host of a URL; an IPv6 address has no brackets. */
export function getHost (url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Returns the URL at which this machine reaches a service that listens on `host`, without a slash at its end. */
export function localUrl (host: string, port: number): string {
  const reachable = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
