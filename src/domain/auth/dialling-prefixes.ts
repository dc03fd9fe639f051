import type { CountryCode } from 'libphonenumber-js/max'

/** Digits that people write before a national number although they are no part of it, and that the metadata does not know. */
export interface DiallingPrefix {
  country: CountryCode
  /** Regular expression of the digits. */
  prefix: string
  source: string
}

/**
 * A prefix is removed only from digits that are no valid number, and only if the rest is a valid mobile number of the country, so
 * it never turns one number into another.
 */
export const diallingPrefixes: readonly DiallingPrefix[] = [
  // The mobile prefix 9 before an area code and the 15 of national calls, which is written instead of it.
  { country: 'AR', prefix: '9', source: 'FALSEHOODS.md of libphonenumber' },
  { country: 'CL', prefix: '0', source: 'Subsecretaría de Telecomunicaciones: national numbers of 9 digits since 2016' },
  { country: 'CZ', prefix: '0', source: 'Český telekomunikační úřad: closed plan since 2002' },
  { country: 'GE', prefix: '8', source: 'ITU, communication of 22.XII.2010: the trunk prefix is 0 instead of 8' },
  // Mobile numbers lost their 0 in 2001. Numbers that begin with 0 are fixed lines today, and most of them are valid.
  { country: 'IT', prefix: '0', source: 'https://en.wikipedia.org/wiki/Telephone_numbers_in_Italy' },
  { country: 'MX', prefix: '01|04[45]', source: 'https://worldchallenge.info/guide-new-call-in-mexico-%E3%80%90interior%E3%80%91-2021/' },
  { country: 'PL', prefix: '0', source: 'https://en.wikipedia.org/wiki/Telephone_numbers_in_Poland: no trunk prefix' },
  { country: 'TJ', prefix: '8', source: 'https://howtophoneto.com/faq/do-i-include-the-leading-8-in-a-phone-number/' },
  { country: 'UA', prefix: '80?', source: 'https://support.tenet.ua: trunk prefix 0 instead of 8 since 2009-10-14' },
  { country: 'UZ', prefix: '8', source: 'https://howtophoneto.com/faq/do-i-include-the-leading-8-in-a-phone-number/' }
]

/** A change whose new spelling depends on more than the old one, with a sentence for people who still write the old one. */
export interface UnclearChange {
  country: CountryCode
  /** Regular expression of the national number before the change. */
  old: string
  sentence: string
  source: string
}

export const unclearChanges: readonly UnclearChange[] = [
  {
    country: 'AR',
    old: '(?:15)?[2-9]\\d{5,7}',
    sentence: 'The number has no area code. Write it with the area code, such as +54 9 11 2345-6789.',
    source: 'FALSEHOODS.md of libphonenumber'
  },
  {
    country: 'BR',
    old: '9?[6-9]\\d{7}',
    sentence: 'The number has no area code (DDD). Write it with the area code, such as +55 11 98765-4321.',
    source: 'metadata of libphonenumber: local lengths of BR'
  },
  {
    country: 'CI',
    old: '[04-9]\\d{7}',
    sentence: 'Since January 2021 mobile numbers of Côte d’Ivoire have 10 digits: 01, 05 or 07, then the old number. Write all 10.',
    source: 'https://artci.ci/en/faq/'
  },
  {
    country: 'GN',
    old: '6\\d{7}',
    sentence: 'Since March 2013 mobile numbers of Guinea have 9 digits. Write the new number.',
    source: 'https://github.com/AstrOOnauta/react-native-international-phone-number/pull/72'
  },
  {
    country: 'KW',
    old: '[5-79]\\d{6}',
    sentence: 'Since October 2008 mobile numbers of Kuwait have 8 digits. Write the new number.',
    source: 'ITU, national numbering plan of Kuwait'
  },
  {
    country: 'LA',
    old: '20\\d{7}',
    sentence: 'Mobile numbers of Laos have 8 digits after the 20 now. Write the new number.',
    source: 'ITU, national numbering plan of the Lao P.D.R.'
  },
  {
    country: 'MA',
    old: '[45]\\d{7}',
    sentence: 'Since March 2009 mobile numbers of Morocco have 9 digits after +212. Write the new number.',
    source: 'https://maghress.com/alittihad/86457 (ANRT)'
  },
  {
    country: 'MX',
    old: '\\d{7,8}',
    sentence: 'Numbers of Mexico have 10 digits. Write the number with its area code, such as +52 55 1234 5678.',
    source: 'ITU, communication of 12.VI.2018 by the Instituto Federal de Telecomunicaciones'
  },
  {
    country: 'PE',
    old: '1?9\\d{6,7}',
    sentence: 'Since 2008 mobile numbers of Peru have 9 digits, and the first ones depend on the department. Write the new number.',
    source: 'https://www.primidi.com/local_conventions_for_writing_telephone_numbers/south_america/peru'
  },
  {
    country: 'TG',
    old: '[05-9]\\d{6}',
    sentence: 'Since August 2011 numbers of Togo have 8 digits, and the first two depend on the operator. Write the new number.',
    source: 'http://www.blog.africantelecomsnews.com/2011/08/extra-digit-inserted-togo.html (ARTP)'
  }
]
