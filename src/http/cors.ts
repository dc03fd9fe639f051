import type { HttpConfig } from '../config/http.ts'
import { toOriginMatcher } from './origins.ts'
import { trustedOrigins } from './session-cookie.ts'

/** Response headers that pages of other origins may read. */
export const exposedHeaders = ['retry-after', 'etag', 'accept-ranges', 'content-range', 'content-disposition']

/** Request headers that the service reads. */
const ownHeaders = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'if-range', 'range']

/**
 * Request headers that scripts of pages add by themselves. The service ignores them, but a page whose preflight is refused could
 * send nothing.
 */
const ignoredHeaders = [
  // Tracing: W3C Trace Context and Baggage, B3, Jaeger, Sentry, Datadog, New Relic, Elastic, AWS X-Ray, Google Cloud, Azure
  'traceparent', 'tracestate', 'baggage', 'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags',
  'uber-trace-id', 'sentry-trace', 'x-datadog-trace-id', 'x-datadog-parent-id', 'x-datadog-origin', 'x-datadog-sampling-priority',
  'x-datadog-tags', 'newrelic', 'elastic-apm-traceparent', 'x-amzn-trace-id', 'x-cloud-trace-context', 'request-id', 'request-context',
  'x-request-id', 'x-correlation-id',
  // HTTP libraries and frameworks: jQuery, axios, Angular, Django, Rails
  'accept', 'x-requested-with', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token', 'ngsw-bypass',
  // Caches and conditions
  'cache-control', 'pragma', 'if-modified-since', 'if-unmodified-since',
  // Upload widgets: blueimp, Dropzone, FilePond, tus, Uppy
  'content-disposition', 'content-range', 'content-description', 'x-file-name', 'x-file-size', 'x-file-type', 'upload-length',
  'upload-name', 'upload-offset', 'upload-metadata', 'upload-checksum', 'upload-concat', 'upload-defer-length', 'tus-resumable'
]

/** Returns the request headers that a preflight allows; CORS_HEADERS adds some. */
export function allowedHeaders ({ corsHeaders }: Pick<HttpConfig, 'corsHeaders'>): string[] {
  return [...ownHeaders, ...ignoredHeaders, ...corsHeaders]
}

/** Returns the CORS headers of a response that is sent without the hooks of Fastify. */
export function corsHeadersFor (origin: string | undefined, { baseUrl, corsOrigins }: Pick<HttpConfig, 'baseUrl' | 'corsOrigins'>): Record<string, string> {
  const isAllowed = origin !== undefined && corsOrigins.map(toOriginMatcher)
    .some((allowed) => typeof allowed === 'string' ? allowed === origin : allowed.test(origin))
  if (!isAllowed) return {}
  const credentials: Record<string, string> = trustedOrigins({ baseUrl, corsOrigins }).has(origin) ? { 'access-control-allow-credentials': 'true' } : {}
  return { ...credentials, 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders.join(', '), vary: 'Origin' }
}
