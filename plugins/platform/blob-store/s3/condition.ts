/** The error that the client throws after a response of the server. */
interface ResponseError {
  /** The error code of the response. */
  name?: string
  $metadata?: { httpStatusCode?: number }
}

/** Codes of 400 that servers give for a header that they do not know; those for a wrong body, date or token are left out. */
const headerCodes = new Set([
  'InvalidArgument', 'InvalidRequest', 'InvalidHeader', 'MalformedHeader', 'UnsupportedHeader', 'UnsupportedArgument', 'NotSupported',
  'UnsupportedOperation', 'BadRequest'
])
/** The client's name for a response without a code. */
const noCode = new Set(['Unknown', 'UnknownError', 'Error'])

/**
 * Returns whether the error of a PUT may mean that the server does not know `If-None-Match`. AWS documents 501 `NotImplemented`
 * for such a header, look-alikes also respond with 400. The caller has to prove it, by the same PUT without the header.
 */
export function mayRefuseCondition (error: unknown): boolean {
  const { name = '', $metadata: { httpStatusCode: status } = {} } = error as ResponseError
  if (status === 501) return true
  if (status === undefined || status < 400 || status > 499) return false
  return name === 'NotImplemented' || (status === 400 && (headerCodes.has(name) || noCode.has(name)))
}
