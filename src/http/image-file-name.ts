/** What file systems refuse in names, or take for something else: controls, direction marks, separators and wildcards. */
const unfit = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|%]+/gu

export interface FileName {
  name: string
  /** For clients that read no other alphabet. */
  asciiName: string
}

/**
 * A name under which people may save an image: the title, made fit for file systems, or `fallback`, which is ASCII.
 * Both get the extension of the image's type.
 */
export function toFileName (title: string | null, { fallback, contentType }: { fallback: string, contentType: string }): FileName {
  const stem = (title ?? '').replaceAll(unfit, ' ').replaceAll(/\s+/g, ' ').replaceAll(/^[. ]+|[. ]+$/g, '')
  const extension = contentType.slice('image/'.length)
  const name = `${stem === '' ? fallback : stem}.${extension}`
  return { name, asciiName: /^[ -~]*$/.test(name) ? name : `${fallback}.${extension}` }
}
