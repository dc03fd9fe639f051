import type { CountryCode } from 'libphonenumber-js/max'

/** A change of a numbering plan that gave mobile lines a new spelling. The old and the new spelling are the same line. */
export interface NumberingChange {
  country: CountryCode
  /** The calling code before the change. */
  oldCallingCode: string
  newCallingCode: string
  /** Digits of an area code, which stand before the prefix and do not change. */
  areaDigits: number
  /** The beginning of a national number before and after the change. No new prefix occurs twice in one change. */
  prefixes: Readonly<Record<string, string>>
  /** Digits after the prefix, which do not change. */
  restDigits: number
  /** The old spelling is valid as that of a fixed line, which cannot get SMS. */
  looksFixed?: true
  /** The first day of the new plan. */
  since: string
  source: string
}

/** Builds prefixes that are the old ones with the same digits before each. */
function prepend (digits: string, oldPrefixes: string): Record<string, string> {
  return Object.fromEntries(oldPrefixes.split(' ').map((prefix) => [prefix, digits + prefix]))
}

/** Builds prefixes from two lists of the same length. */
function rename (oldPrefixes: string, newPrefixes: string): Record<string, string> {
  const names = newPrefixes.split(' ')
  return Object.fromEntries(oldPrefixes.split(' ').map((prefix, index) => [prefix, String(names[index])]))
}

/**
 * The changes after which one line has exactly one new spelling, so that the old spelling denotes it with certainty. Changes that
 * depend on the operator of a line are in `unclearChanges`.
 */
export const numberingChanges: readonly NumberingChange[] = [
  {
    country: 'AR',
    oldCallingCode: '54',
    newCallingCode: '54',
    areaDigits: 0,
    // Argentina writes mobile numbers without the 9 that they need in international form. Fixed and mobile lines share one plan, in
    // which a number is assigned once, so a number that gets SMS is the mobile one.
    prefixes: prepend('9', '1 2 3'),
    restDigits: 9,
    looksFixed: true,
    since: '1999-01-24',
    source: 'https://github.com/google/libphonenumber/issues/684 and FALSEHOODS.md of libphonenumber'
  },
  {
    country: 'BJ',
    oldCallingCode: '229',
    newCallingCode: '229',
    areaDigits: 0,
    prefixes: { '': '01' },
    restDigits: 8,
    since: '2024-11-30',
    source: 'https://github.com/mobi/telephone_number/issues/138'
  },
  {
    country: 'BR',
    oldCallingCode: '55',
    newCallingCode: '55',
    areaDigits: 2,
    // The ninth digit came area by area from 2012-07-29. Numbers with 7 are left out: those of radio telephony stayed as they were.
    prefixes: prepend('9', '6 8 9'),
    restDigits: 7,
    since: '2016-11-06',
    source: 'https://tribunapopular.net/noticia/22371/celulares-de-todo-o-pais-terao-nove-digitos-a-partir-do-dia-6 (Anatel)'
  },
  {
    country: 'CI',
    oldCallingCode: '225',
    newCallingCode: '225',
    areaDigits: 0,
    // The old ranges of the operators, and the prefix that each operator got for them.
    prefixes: {
      ...prepend('01', '01 02 03 40 41 42 43 51 52 53 71'),
      ...prepend('05', '04 05 06 44 45 46 54 55 56 74 75 76 84 85 86'),
      ...prepend('07', '07 08 09 47 48 49 57 58 59 77 78 79 87 88 89')
    },
    restDigits: 6,
    since: '2021-01-31',
    source: 'https://artci.ci/en/faq/ and https://github.com/google/libphonenumber/issues/1909 (ranges)'
  },
  {
    country: 'CM',
    oldCallingCode: '237',
    newCallingCode: '237',
    areaDigits: 0,
    prefixes: prepend('6', '7 9'),
    restDigits: 7,
    since: '2014-11-21',
    source: 'ITU, communication of 6.X.2014 by the Agence de Régulation des Télécommunications'
  },
  {
    country: 'CR',
    oldCallingCode: '506',
    newCallingCode: '506',
    areaDigits: 0,
    prefixes: prepend('8', '3 8'),
    restDigits: 6,
    since: '2008-03-20',
    source: 'https://ticotimes.net/2007/02/16/8-digit-phone-numbers-in-the-works-for-2008'
  },
  {
    country: 'EC',
    oldCallingCode: '593',
    newCallingCode: '593',
    areaDigits: 0,
    prefixes: prepend('9', '8 9'),
    restDigits: 7,
    since: '2012-09-30',
    source: 'http://www.sangay.com/ecuadorguide/ecuador/dialing-mobile-cellular-numbers-in-ecuador-south-america/'
  },
  {
    country: 'EG',
    oldCallingCode: '20',
    newCallingCode: '20',
    areaDigits: 0,
    // Numbers with 15 are left out: 015 is a fixed area and, since 2017, a mobile operator.
    prefixes: { 10: '100', 11: '111', 12: '122', 14: '114', 16: '106', 17: '127', 18: '128', 19: '109' },
    restDigits: 7,
    since: '2011-10-06',
    source: 'http://www.tra.gov.eg/english/News_NewsDetails.asp?PID=39&ID=186 (ported numbers changed like all others)'
  },
  {
    country: 'GA',
    oldCallingCode: '241',
    newCallingCode: '241',
    areaDigits: 0,
    // The old number had a 0 that some wrote in international form, too.
    prefixes: { '02': '62', '04': '74', '05': '65', '06': '66', '07': '77' },
    restDigits: 6,
    since: '2019-11-15',
    source: 'http://www.gaboneco.com/telephonie-mobile-la-numerotation-passe-a-neuf-chiffres-des-juillet-prochain.html'
  },
  {
    country: 'GA',
    oldCallingCode: '241',
    newCallingCode: '241',
    areaDigits: 0,
    prefixes: { 2: '62', 4: '74', 5: '65', 6: '66', 7: '77' },
    restDigits: 6,
    since: '2019-11-15',
    source: 'https://github.com/daviddrysdale/python-phonenumbers/issues/289'
  },
  {
    country: 'GE',
    oldCallingCode: '995',
    newCallingCode: '995',
    areaDigits: 0,
    prefixes: prepend('5', '55 58 68 71 74 77 91 93 95 97 98 99'),
    restDigits: 6,
    since: '2011-06-20',
    source: 'ITU, communication of 22.XII.2010 by the Georgian National Communications Commission'
  },
  {
    country: 'MA',
    oldCallingCode: '212',
    newCallingCode: '212',
    areaDigits: 0,
    // Numbers with 4 and 5 are left out: they were fixed lines until 2006.
    prefixes: prepend('6', '1 6 7'),
    restDigits: 7,
    since: '2009-03-07',
    source: 'https://maghress.com/alittihad/86457 (ANRT)'
  },
  {
    country: 'MU',
    oldCallingCode: '230',
    newCallingCode: '230',
    areaDigits: 0,
    // Only numbers that are not those of a fixed line today.
    prefixes: prepend('5', '7 9'),
    restDigits: 6,
    since: '2013-09-01',
    source: 'https://www.commsupdate.com/articles/2013/09/02/mauritius-migrates-to-a-new-8-digit-mobile-numbering-plan/'
  },
  {
    country: 'MX',
    oldCallingCode: '52',
    newCallingCode: '52',
    areaDigits: 0,
    prefixes: { 1: '' },
    restDigits: 10,
    since: '2019-08-03',
    source: 'ITU, communication of 12.VI.2018 by the Instituto Federal de Telecomunicaciones'
  },
  {
    country: 'NI',
    oldCallingCode: '505',
    newCallingCode: '505',
    areaDigits: 0,
    prefixes: prepend('8', '8 9'),
    restDigits: 6,
    since: '2009-04-22',
    source: 'https://vianica.com/headline/332 (TELCOR)'
  },
  {
    country: 'QA',
    oldCallingCode: '974',
    newCallingCode: '974',
    areaDigits: 0,
    prefixes: { 3: '33', 5: '55', 6: '66', 7: '77' },
    restDigits: 6,
    since: '2010-07-28',
    source: 'https://www.cra.gov.qa/en/press-releases/qatars-phone-numbers-expand-digit-meet-growing-demand'
  },
  {
    country: 'SV',
    oldCallingCode: '503',
    newCallingCode: '503',
    areaDigits: 0,
    prefixes: prepend('7', '7 8 9'),
    restDigits: 6,
    since: '2005-05-14',
    source: 'http://wtng.info/wtng-503-sv.html (SIGET, via ITU)'
  },
  {
    country: 'SX',
    oldCallingCode: '599',
    newCallingCode: '1',
    areaDigits: 0,
    prefixes: { 5: '7215' },
    restDigits: 6,
    since: '2011-09-30',
    source: 'NANPA, planning letter 423'
  },
  {
    country: 'VN',
    oldCallingCode: '84',
    newCallingCode: '84',
    areaDigits: 0,
    prefixes: rename(
      '120 121 122 123 124 125 126 127 128 129 162 163 164 165 166 167 168 169 186 188 199',
      '70 79 77 83 84 85 76 81 78 82 32 33 34 35 36 37 38 39 56 58 59'
    ),
    restDigits: 7,
    since: '2018-09-15',
    source: 'https://vietnamnews.vn/society/419812/11-digit-phone-numbers-to-be-cut.html and the announcements of the operators'
  }
]
