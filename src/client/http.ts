import createFetchClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './api.ts'

/** The service with typed paths, parameters and replies: `client.GET('/me')`, `client.POST('/verify', { body })`. */
export type CheershareClient = Client<paths>

/** Body of every error response. */
export type Failure = components['schemas']['Failure']

export interface ClientOptions {
  /** Address of the service, with the path if it has one, such as `https://login.example.com`. */
  baseUrl: string
  /** Returns the bearer token, or undefined before the login. It is called for each request. Cookie sessions need none. */
  token?: () => string | undefined
  /** `include` sends the cookie of a cookie session to a service on another origin; the browser's default otherwise. */
  credentials?: Request['credentials']
  /** Language of the sentences in errors, as a BCP 47 tag. Browsers send their own by default. */
  language?: string
  /** Defaults to the `fetch` of the platform. */
  fetch?: (request: Request) => Promise<Response>
}

/**
 * Creates a client of the service. Its methods resolve to `{ data, error, response }` and reject only if no response arrives.
 */
export function createClient ({ baseUrl, token, credentials, language, fetch }: ClientOptions): CheershareClient {
  const client = createFetchClient<paths>({
    baseUrl,
    ...credentials === undefined ? {} : { credentials },
    ...fetch === undefined ? {} : { fetch },
    ...language === undefined ? {} : { headers: { 'accept-language': language } }
  })
  client.use({
    onRequest ({ request }) {
      const bearer = token?.()
      if (bearer !== undefined) request.headers.set('authorization', `Bearer ${bearer}`)
      return request
    }
  })
  return client
}
