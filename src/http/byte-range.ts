/** Both ends are inclusive. */
export interface ByteRange {
  start: number
  end: number
}

export interface RangeHeaders {
  /** The `Range` header. */
  range: string | undefined
  /** The `If-Range` header: the range applies to this state only. */
  ifRange: string | undefined
}

const singleRange = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i

/**
 * Parses the range of bytes that a request asks for (RFC 9110 §14.2). `undefined` means the whole representation: the header is
 * missing or malformed, names several ranges, or `If-Range` names another state.
 */
export function parseRange (
  { range, ifRange }: RangeHeaders, { byteCount, etag }: { byteCount: number, etag: string }
): ByteRange | 'unsatisfiable' | undefined {
  // A date in If-Range never matches, because no Last-Modified is sent.
  if (range === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) return undefined
  const [, first = '', last = ''] = singleRange.exec(range.trim()) ?? []
  if (first === '') return last === '' ? undefined : toSuffixRange(Number(last), byteCount)
  const start = Number(first)
  const end = last === '' ? byteCount - 1 : Number(last)
  if (last !== '' && end < start) return undefined
  return start >= byteCount ? 'unsatisfiable' : { start, end: Math.min(end, byteCount - 1) }
}

/** Returns the range of the last `length` bytes. */
function toSuffixRange (length: number, byteCount: number): ByteRange | 'unsatisfiable' {
  return length === 0 ? 'unsatisfiable' : { start: Math.max(0, byteCount - length), end: byteCount - 1 }
}
