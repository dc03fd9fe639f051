/** RFC 9110 §8.8.3: one entity tag of a list, strong or weak. */
const tagPattern = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

const withoutWeakness = (tag: string) => tag.replace(/^W\//, '')

function parseTags (header: string): string[] {
  return header.match(tagPattern) ?? []
}

/** RFC 9110 §13.1.2, `If-None-Match`: true when the client has this state already. Weak and strong tags compare as equal. */
export function matchesIfNoneMatch (header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || parseTags(header).some((listed) => withoutWeakness(listed) === withoutWeakness(tag))
}

/** RFC 9110 §13.1.1, `If-Match`: true when the header names this state. Weak tags never match. */
export function matchesIfMatch (header: string, tag: string): boolean {
  return header.trim() === '*' || parseTags(header).includes(tag)
}

/** The entity tag of a version, for `If-Match`. Equal tags do not promise equal bytes: signed links change every hour. */
export function toVersionTag ({ version }: { version: number }): string {
  return `"${version}"`
}
