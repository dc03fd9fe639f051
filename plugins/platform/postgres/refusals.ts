import { StartError } from '../../../src/process/retry-until.ts'

/** Refusals that a repeated attempt would meet again, by error code or message, with what the operator has to change. */
const refusals: ReadonlyArray<readonly [RegExp, string]> = [
  // PgBouncer, SQLSTATE 08P01.
  [/unsupported startup parameter/, 'DATABASE_URL leads to a connection pooler that refuses start-up parameters; set DATABASE_PREPARED=off'],
  [/self[- _]signed|unable to (?:verify|get)|UNABLE_TO_|CERT_UNTRUSTED/i,
    'the certificate of PostgreSQL is not signed by a known authority; add sslmode=verify-full&sslrootcert=/path/of/ca.crt to DATABASE_URL'],
  [/(?:ENOENT|EACCES): .*, open /, 'DATABASE_URL names a file that cannot be read'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'the certificate of PostgreSQL is not valid today'],
  [/ALTNAME/, 'the certificate of PostgreSQL is for another host than that of DATABASE_URL'],
  [/does not support SSL/, 'PostgreSQL has no TLS; set it up there, or remove sslmode from DATABASE_URL']
]

/**
 * Rethrows the error of a first connection.
 * @throws {StartError} with a sentence for the operator if another attempt would fail in the same way, else the error itself
 */
export function explainRefusal (error: Error & { code?: string }): never {
  const { message, code = '' } = error
  const advice = refusals.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1]
  throw advice === undefined ? error : new StartError(`${advice} (${message})`, { cause: error })
}
