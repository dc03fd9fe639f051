/** Characters that file systems refuse or interpret: controls, direction marks, separators and wildcards. */
const unsafeCharacters = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|%]+/gu

export interface FileName {
  name: string
  /** For clients that support ASCII only. */
  asciiName: string
}

/**
 * Returns a name for saving an image: the title without unsafe characters, or `fallback` if no character is left.
 * `fallback` must be ASCII. The extension is that of the content type.
 */
export function toFileName (title: string | null, { fallback, contentType }: { fallback: string, contentType: string }): FileName {
  const stem = (title ?? '').replaceAll(unsafeCharacters, ' ').replaceAll(/\s+/g, ' ').replaceAll(/^[. ]+|[. ]+$/g, '')
  const extension = contentType.slice('image/'.length)
  const name = `${stem === '' ? fallback : stem}.${extension}`
  return { name, asciiName: /^[ -~]*$/.test(name) ? name : `${fallback}.${extension}` }
}
