/** RFC 9110 §8.8.3: an entity tag, strong or weak, anywhere in a list. */
const tagPattern = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

const opaqueOf = (tag: string) => tag.replace(/^W\//, '')

function listOf (header: string): string[] {
  return header.match(tagPattern) ?? []
}

/** RFC 9110 §13.1.2, `If-None-Match`: whether the client has this state already; weak tags count. */
export function matchesIfNoneMatch (header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || listOf(header).some((listed) => opaqueOf(listed) === opaqueOf(tag))
}

/** RFC 9110 §13.1.1, `If-Match`: whether the state is one of those that the client names; weak tags never match. */
export function matchesIfMatch (header: string, tag: string): boolean {
  return header.trim() === '*' || listOf(header).includes(tag)
}

/** A version as an entity tag, good for `If-Match`. It does not mean the same bytes: links in an answer change with the hour. */
export function toVersionTag ({ version }: { version: number }): string {
  return `"${version}"`
}
