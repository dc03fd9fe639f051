const maximumCharacters = 200
/** Control and formatting characters and halves of surrogate pairs: they could disguise the text where it is shown. */
const unwanted = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** What of a User-Agent header is kept for its user to recognise a session by; `null` when nothing is left. */
export function cutUserAgent (header: string | undefined): string | null {
  const text = [...(header ?? '').replace(unwanted, '').trim()].slice(0, maximumCharacters).join('')
  return text === '' ? null : text
}
