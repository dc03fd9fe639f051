/** Headers of responses that the document names, by their usual spelling: meaning, and an example. */
const headers = {
  'Accept-Patch': ['The content types that the address reads', 'application/json'],
  'Accept-Post': ['The content types that the address reads', 'application/json'],
  'Accept-Ranges': ['Unit of the ranges that may be requested', 'bytes'],
  Authorization: ['`Bearer` and a JWT for the audience; empty without `audience`', ''],
  'Cache-Control': ['How long the answer may be kept', 'private, max-age=300'],
  'Content-Disposition': ['File name under which a browser saves the body', 'inline; filename="diwali.png"'],
  'Content-Language': ['Language of the sentence for people: one of those that `Accept-Language` names, else `en`', 'en'],
  'Content-Range': ['The range of bytes and the size of the whole image', 'bytes 0-1023/48213'],
  ETag: ['Entity tag of the version, for `If-Match` and `If-None-Match`', '"1"'],
  'Retry-After': ['Seconds until a repeat can succeed', '57'],
  'Set-Cookie': ['Sets or ends the cookie of the session, where the session lives in one', '__Host-cheershare=; Max-Age=0; Path=/'],
  'WWW-Authenticate': ['The authentication that the request lacks', 'Bearer'],
  'X-Cheershare-Session': ['Id of the session', '17'],
  'X-Cheershare-Signed-In-At': ['When the session began, RFC 3339, UTC', '2026-11-21T09:30:00.000Z'],
  'X-Cheershare-User': ['Id of the user', '42']
} as const

export type HeaderName = keyof typeof headers

/** Returns the schemas of these response headers, by name, as the generator of the document expects them. */
export function describeHeaders (names: readonly HeaderName[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => {
    const [description, example] = headers[name]
    return [name, { type: 'string', description, examples: [example] }]
  }))
}
