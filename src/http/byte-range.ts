/** Both inclusive. */
export interface ByteRange {
  start: number
  end: number
}

export interface RangeRequest {
  /** The `Range` header. */
  range: string | undefined
  /** The `If-Range` header: the part is wanted only of this state. */
  ifRange: string | undefined
}

const singleRange = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i

/**
 * The part of a representation that a request asks for (RFC 9110 §14.2). `undefined` means the whole: without the
 * header, where it is malformed, names several parts, or is about another state than the present one.
 */
export function parseRange ({ range, ifRange }: RangeRequest, { byteCount, etag }: { byteCount: number, etag: string }): ByteRange | 'unsatisfiable' | undefined {
  // Dates never match: no Last-Modified is sent.
  if (range === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) return undefined
  const [, first = '', last = ''] = singleRange.exec(range.trim()) ?? []
  if (first === '') return last === '' ? undefined : suffix(Number(last), byteCount)
  const start = Number(first)
  const end = last === '' ? byteCount - 1 : Number(last)
  if (last !== '' && end < start) return undefined
  return start >= byteCount ? 'unsatisfiable' : { start, end: Math.min(end, byteCount - 1) }
}

/** The last so many bytes. */
function suffix (length: number, byteCount: number): ByteRange | 'unsatisfiable' {
  return length === 0 ? 'unsatisfiable' : { start: Math.max(0, byteCount - length), end: byteCount - 1 }
}
