/** Problems of a TLS connection and how an operator corrects them, by the code of the error of Node or OpenSSL. */
const tlsFailures: ReadonlyArray<readonly [codes: RegExp, fact: string, remedy: string]> = [
  [
    /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)|CERT_SIGNATURE_FAILURE)$/,
    'no known authority signed the certificate of the server', 'set REDIS_CA to the certificates of the authority that did'
  ],
  [/^CERT_HAS_EXPIRED$/, 'the certificate of the server has expired', 'renew it, or correct the clock of this machine'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate of the server is not valid yet', 'correct the clock of this machine'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'the certificate of the server is for another name', 'add ?servername= with that name to REDIS_URL'
  ],
  [
    /^ERR_SSL_.*ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA)$/,
    'the server refuses the client certificate', 'set REDIS_CERT and REDIS_KEY to one that it accepts'
  ],
  [
    /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
    'the port of the server does not use TLS', 'begin REDIS_URL with redis: in place of rediss:'
  ]
]

/** With TLS 1.3 the end of the connection may arrive before the alert that tells why. */
const closedByPeer = [
  /^(?:ECONNRESET|EPIPE)$/,
  'the server ended the encrypted connection', 'if it requires a client certificate, set REDIS_CERT and REDIS_KEY'
] as const

/** Says of an error of TLS what is wrong and how to correct it; other errors stay as they are. */
export function explainFailure (error: Error & { code?: unknown }, { isEncrypted = true } = {}): Error {
  const known = isEncrypted ? [...tlsFailures, closedByPeer] : []
  const [, fact, remedy] = known.find(([codes]) => codes.test(String(error.code))) ?? []
  return fact === undefined ? error : new Error(`${fact} (${String(error.code)}); ${remedy}`, { cause: error })
}

/** Whether the server answered with an error, in contrast to a lost connection or a missing reply. */
export function isErrorReply (error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}

/**
 * Whether an error reply only refuses writes for now (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors):
 * the memory is full, a snapshot failed, or too few replicas are connected. Reads work.
 */
export function refusesWrites (error: unknown): boolean {
  return isErrorReply(error) && /^(?:OOM|MISCONF|NOREPLICAS) /.test(error.message)
}

/** Whether the client ended the wait for a reply (`commandTimeout` of ioredis). */
export function isTimeout (error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out'
}
