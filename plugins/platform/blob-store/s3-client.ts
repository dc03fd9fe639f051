import { S3Client } from '@aws-sdk/client-s3'
import type { Config } from '../../../src/config/index.ts'
import type { S3Location } from '../../../src/config/storage-url.ts'

/** A connection whose first packet is lost tries again after a second. */
const connectWithinMs = 1500

const nothing = () => {}

/** A client that asks once: who calls decides about another attempt, because only that can send a file again. */
export function createS3Client (location: S3Location, config: Config): S3Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = config
  return new S3Client({
    region: location.region,
    forcePathStyle: location.isPathStyle,
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined ? {} : { credentials: { accessKeyId, secretAccessKey, sessionToken } }),
    maxAttempts: 1,
    // Servers other than AWS refuse the checksums that the client adds by itself, or store them as part of the object.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would cost each upload a connection of its own.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectWithinMs,
      // A reader who is slow is no reason to cut an image; who waits for S3 has limits of their own.
      socketTimeout: 0,
      // As many as there are readers: each holds a connection while it reads, and uploads must not queue behind them.
      httpAgent: { maxSockets: Infinity },
      httpsAgent: { maxSockets: Infinity }
    },
    // Its warnings would go to the console; what goes wrong is thrown as well.
    logger: { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
  })
}
