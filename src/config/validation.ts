import { isIP } from 'node:net'
import { isSupportedCountry } from 'libphonenumber-js/max'
import type { Config } from './index.ts'
import { listOf } from './derived.ts'
import { isTimeZone } from '../domain/creatives/schedule.ts'
import { charactersOutsideGsm7 } from '../domain/sms/segments.ts'
import { parseTestNumber } from '../domain/auth/test-numbers.ts'
import { providerProblems } from './sms-providers.ts'
import { parseStorageUrl } from './storage-url.ts'
import { urlProblem } from './validate-url.ts'

const minimumSecretLength = 32

/** The whole service, or a process that sends SMS alone: it has no database. */
export type Role = 'service' | 'worker'

/** What the shape of single variables cannot say: sentences about variables that contradict, lack or endanger. */
export function refusals (config: Config, role: Role = 'service'): string[] {
  return [
    ...(role === 'worker' ? lacksOfWorker(config) : lacksOfService(config)),
    ...providerProblems(config, role),
    ...secretProblems(config),
    ...urlProblems(config),
    ...storageProblems(config),
    ...proxyProblems(config),
    ...tokenProblems(config),
    ...regionProblems(config),
    ...testNumberProblems(config),
    ...smsTextProblems(config)
  ]
}

function lacksOfService (config: Config): string[] {
  return [
    ...embeddedInProduction(config),
    ...(config.SMS_DELIVERY === 'off' && config.REDIS_URL === undefined
      ? ['SMS_DELIVERY=off needs REDIS_URL: without Redis no other process can send the SMS']
      : [])
  ]
}

function embeddedInProduction (config: Config): string[] {
  if (config.NODE_ENV !== 'production') return []
  return (['DATABASE_URL', 'REDIS_URL', 'APP_SECRET', 'PHONE_HASH_SECRET', 'STORAGE_URL'] as const).filter((name) => config[name] === undefined)
    .map((name) => `${name} is missing, and with NODE_ENV=production no embedded default stands in for it`)
}

/** What it shares with the services whose SMS it sends. There is no inbox in it. */
function lacksOfWorker (config: Config): string[] {
  const secrets = config.NODE_ENV === 'production' ? ['APP_SECRET', 'PHONE_HASH_SECRET'] as const : []
  return [
    ...(config.REDIS_URL === undefined ? ['REDIS_URL is missing: without Redis there is no queue to work on, and the service sends its SMS itself'] : []),
    ...secrets.filter((name) => config[name] === undefined).map((name) => `${name} is missing: it is that of the services whose SMS it sends`)
  ]
}

function secretProblems (config: Config): string[] {
  const short = listOf(config.APP_SECRET).some((secret) => secret.length < minimumSecretLength)
  return [
    ...(short ? [`APP_SECRET: each secret needs ${minimumSecretLength} characters or more`] : []),
    ...((config.PHONE_HASH_SECRET?.length ?? minimumSecretLength) < minimumSecretLength
      ? [`PHONE_HASH_SECRET needs ${minimumSecretLength} characters or more`]
      : [])
  ]
}

function urlProblems (config: Config): string[] {
  const origins = listOf(config.CORS_ORIGINS)
  return [
    ...urlProblem('PUBLIC_URL', config.PUBLIC_URL, ['http:', 'https:']),
    ...urlProblem('DATABASE_URL', config.DATABASE_URL, ['postgres:', 'postgresql:']),
    ...listOf(config.REDIS_URL).flatMap((url) => urlProblem('REDIS_URL', url, ['redis:', 'rediss:'])),
    ...origins.filter((origin) => URL.parse(origin)?.origin !== origin)
      .map((origin) => `CORS_ORIGINS: ${origin} is not an origin such as https://app.example.com`)
  ]
}

function storageProblems (config: Config): string[] {
  const { STORAGE_URL: url, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = config
  const problems: string[] = []
  if (id === undefined && secret !== undefined) problems.push('AWS_ACCESS_KEY_ID is missing, although AWS_SECRET_ACCESS_KEY is set')
  if (secret === undefined && id !== undefined) problems.push('AWS_SECRET_ACCESS_KEY is missing, although AWS_ACCESS_KEY_ID is set')
  if (token !== undefined && id === undefined) problems.push('AWS_ACCESS_KEY_ID is missing, although AWS_SESSION_TOKEN is set')
  try {
    if (url !== undefined) parseStorageUrl(url)
  } catch (error) {
    problems.push(`STORAGE_URL ${(error as Error).message}`)
  }
  return problems
}

/** A hop count or `true` would let clients choose the address they are limited by, so only networks are taken. */
function proxyProblems (config: Config): string[] {
  return listOf(config.TRUST_PROXY).filter((entry) => !isNetwork(entry))
    .map((entry) => `TRUST_PROXY: ${entry} is not an address or CIDR range. ` +
      'Name the networks of your proxies; a number of hops or "true" would believe an address that the client wrote')
}

function isNetwork (entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function tokenProblems ({ TOKEN_TTL_SECONDS: life, TOKEN_MAX_SECONDS: longest }: Config): string[] {
  return longest < life ? [`TOKEN_MAX_SECONDS is ${longest}, which is less than TOKEN_TTL_SECONDS (${life}): a token would end before its life is over`] : []
}

function regionProblems (config: Config): string[] {
  const countries = config.SMS_COUNTRIES === '*' ? [] : listOf(config.SMS_COUNTRIES)
  return [
    ...[config.DEFAULT_REGION].filter((code) => !isSupportedCountry(code)).map((code) => `DEFAULT_REGION: ${code} is not a country code`),
    ...countries.filter((code) => !isSupportedCountry(code)).map((code) => `SMS_COUNTRIES: ${code} is not a country code`),
    ...(isTimeZone(config.DEFAULT_TIME_ZONE) ? [] : ['DEFAULT_TIME_ZONE is not an IANA time zone name, such as Asia/Kolkata'])
  ]
}

function testNumberProblems (config: Config): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const entry of listOf(config.OTP_TEST_NUMBERS)) {
    try {
      const [phone] = parseTestNumber(entry)
      if (seen.has(phone)) problems.push(`OTP_TEST_NUMBERS: ${phone} is there twice`)
      seen.add(phone)
    } catch (error) {
      problems.push(`OTP_TEST_NUMBERS: ${(error as Error).message}`)
    }
  }
  return problems
}

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

/** Of what all texts have in common; the texts themselves are linted. */
function smsTextProblems ({ SMS_BRAND: brand, OTP_AUTOFILL_DOMAIN: domain, OTP_ANDROID_APP_HASH: hash }: Config): string[] {
  const strange = [...charactersOutsideGsm7(brand), ...brand.match(/[{}\n\r]/g) ?? []]
  return [
    ...(strange.length === 0 ? [] : [`SMS_BRAND takes characters of GSM-7 without braces and line breaks, which are not: ${strange.map((character) => JSON.stringify(character)).join(', ')}`]),
    ...(domain === undefined || hostName.test(domain)
      ? []
      : ['OTP_AUTOFILL_DOMAIN is not a host name in lower case without scheme, port and path, such as login.example.com']),
    ...(hash === undefined || /^[A-Za-z0-9+/]{11}$/.test(hash) ? [] : ['OTP_ANDROID_APP_HASH is not an app hash: 11 letters, digits, + or /']),
    ...(domain === undefined || hash === undefined
      ? []
      : ['OTP_AUTOFILL_DOMAIN and OTP_ANDROID_APP_HASH cannot both be set: browsers and Android each look for theirs in the last line of the SMS'])
  ]
}
