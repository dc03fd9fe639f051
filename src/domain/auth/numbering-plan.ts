import { Metadata, type CountryCode } from 'libphonenumber-js/max'

/** The part of the library's metadata that its types omit: the sources of regular expressions. */
export interface NumberingPlan {
  nationalNumberPattern (): string
  /** The digits before the calling code in international calls. */
  IDDPrefix (): string
  /** The optional prefix before a national number, if the country has one. */
  nationalPrefixForParsing (): string | 0 | undefined
  /** Replaces the prefix if its groups match. */
  nationalPrefixTransformRule (): string | 0 | undefined
  type (name: 'MOBILE'): { pattern (): string, possibleLengths (): number[] }
}

export function getNumberingPlan (country: CountryCode): NumberingPlan {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  return metadata.numberingPlan as unknown as NumberingPlan
}
