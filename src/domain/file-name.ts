/** What file systems refuse in names, or take for something else: controls, direction marks, separators and wildcards. */
const unfit = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|%]+/gu

/**
 * A name under which people may save an image: the title, made fit for file systems, or `fallback`.
 * Both get the extension of the image's type.
 */
export function fileNameOf (title: string | null, { fallback, contentType }: { fallback: string, contentType: string }): { name: string, asciiName: string } {
  const extension = contentType.slice('image/'.length)
  const stem = (title ?? '').replaceAll(unfit, ' ').replaceAll(/\s+/g, ' ').replaceAll(/^[. ]+|[. ]+$/g, '')
  const asciiName = `${fallback}.${extension}`
  return { name: stem === '' ? asciiName : `${stem}.${extension}`, asciiName }
}
