import { S3Client } from '@aws-sdk/client-s3'
import type { StorageConfig } from '../../../../src/config/storage.ts'
import type { S3Location } from '../../../../src/config/storage-url.ts'
import { findProxy, type OutboundProxies } from '../../../../src/http/outbound-proxy.ts'

/** Connection timeout. TCP repeats a lost first packet after one second, so it must be longer than that. */
const connectTimeoutMs = 1500

const ignore = () => {}

/** Creates a client without retries: the caller retries, because only the caller can read a file again. */
export function createS3Client (
  location: S3Location, credentials: StorageConfig['credentials'], proxies?: OutboundProxies
): S3Client {
  const proxy = proxies === undefined ? undefined : findProxy(toServerUrl(location), proxies)
  const agentOptions = { maxSockets: Infinity, ...(proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }) }
  return new S3Client({
    region: location.region,
    forcePathStyle: location.isPathStyle,
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    // Servers other than AWS refuse the default checksums of the client, or store them as part of the object.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Expect: 100-continue would cost each upload a connection of its own.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      // A slow reader must not abort an image; waits for S3 have their own limits.
      socketTimeout: 0,
      // Unlimited, because each reader holds a connection while it reads, and uploads must not queue behind readers.
      httpAgent: agentOptions,
      httpsAgent: agentOptions
    },
    // The client would write warnings to the console; failures are thrown as well.
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }
  })
}

/** Returns a URL of the server that the client calls. */
export function toServerUrl ({ bucket, region, endpoint, isPathStyle }: S3Location): URL {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  if (!isPathStyle) url.hostname = `${bucket}.${url.hostname}`
  return url
}
