import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'
import { getHost, isLoopback } from './hosts.ts'

const forwardingHeaders = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via']

interface HostRule {
  /** PUBLIC_URL */
  baseUrl: string
  /** True with DEV_INBOX=on. */
  isForEveryone: boolean
}

/**
 * Creates the check of requests to the SMS inbox, which shows every code. A page of any site can let its own name point to this machine
 * (DNS rebinding) and read what the browser reaches there, so the Host header that the browser wrote must name this machine, an
 * address, or the host of PUBLIC_URL. Without DEV_INBOX=on it must name a loopback address, and no proxy may have forwarded the request.
 */
export function createHostCheck ({ baseUrl, isForEveryone }: HostRule): (request: FastifyRequest) => Promise<void> {
  const ownHost = getHost(new URL(baseUrl))

  function isAdmitted (host: string, isForwarded: boolean): boolean {
    if (isForEveryone) return isLoopback(host) || isIP(host) !== 0 || host === ownHost
    return isLoopback(host) && !isForwarded
  }

  return async ({ headers }) => {
    const isForwarded = forwardingHeaders.some((name) => headers[name] !== undefined)
    if (!isAdmitted(hostOf(headers.host), isForwarded)) throw new ApiError('CHR_NOT_FOUND')
  }
}

/** Returns the host of a Host header without its port and brackets; an empty text for a missing or malformed one. */
function hostOf (header = ''): string {
  const url = `http://${header}`
  return URL.canParse(url) ? getHost(new URL(url)) : ''
}
