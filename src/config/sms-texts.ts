import { authSettings, type AuthConfig } from './auth.ts'
import type { ProcessConfig } from './process.ts'
import { list, optional, optionalText, text } from './parsers.ts'
import { SettingError, type Rule, type ValuesOf } from './setting.ts'
import { parseTemplates } from './sms-templates.ts'
import { lintText, type TextReport } from '../domain/sms/lint.ts'
import { charactersOutsideGsm7 } from '../domain/sms/segments.ts'
import { createTemplates, type Template, type Templates } from '../domain/sms/templates.ts'
import type { TextStyle } from '../domain/sms/text.ts'

const maximumBrandLength = 20
const appHashPattern = /^[A-Za-z0-9+/]{11}$/
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

/** Settings of the SMS texts. */
export const smsTextSettings = {
  brand: text('SMS_BRAND', 'Cheershare', 'Name of the sender in SMS; up to 20 characters of GSM-7', brandProblem),
  templates: optional(
    'SMS_TEMPLATES', 'Texts of SMS that replace the built-in ones, by language or country: JSON, or the path of a JSON file', readTemplates
  ),
  autofillDomain: optionalText(
    'OTP_AUTOFILL_DOMAIN',
    'Host name of the site that asks for codes: browsers fill a code in from an SMS whose last line is `@host #code`',
    (domain) => domain === 'localhost' || hostName.test(domain)
      ? undefined
      : ' is not a host name in lower case without scheme, port and path, such as login.example.com'
  ),
  androidAppHashes: list(
    'OTP_ANDROID_APP_HASH',
    'Comma-separated app hashes (11 characters) of the Android apps that ask for codes, for the SMS Retriever; the first is the default',
    (hash) => appHashPattern.test(hash) ? undefined : ' is not an app hash: 11 letters, digits, + or /'
  )
}

type SmsTextValues = ValuesOf<typeof smsTextSettings>
type CodeSizes = Pick<AuthConfig, 'otpLength' | 'otpTtlSeconds'>

export interface SmsTexts {
  templates: Templates
  /** App hashes that a request may name. */
  appHashes: readonly string[]
  /** The parts that all texts share. */
  style: TextStyle
}

/** Combines the built-in texts with those of SMS_TEMPLATES, which replace or extend them. */
export function createTexts ({ templates, brand, autofillDomain, androidAppHashes: appHashes }: SmsTextValues): SmsTexts {
  return { templates: createTemplates(templates ?? []), appHashes, style: { brand, autofillDomain, appHash: appHashes[0] } }
}

/** Checks every text at its greatest length, which depends on the length and the life of a code. */
export function lintTexts ({ templates, style }: SmsTexts, { otpLength, otpTtlSeconds }: CodeSizes): TextReport[] {
  return templates.all.map((template) => lintText(template, style, { codeLength: otpLength, lifeSeconds: otpTtlSeconds }))
}

export const smsTextRules: Array<Rule<{ process: Pick<ProcessConfig, 'mode'>, texts: SmsTextValues, auth: CodeSizes }>> = [
  {
    settings: [smsTextSettings.autofillDomain],
    check: ({ process, texts }) => process.mode === 'production' && texts.autofillDomain === 'localhost'
      ? ['OTP_AUTOFILL_DOMAIN is localhost, which is for development; in production it is the host name of your login page']
      : []
  },
  {
    settings: [...Object.values(smsTextSettings), authSettings.otpLength, authSettings.otpTtlSeconds],
    check: ({ texts, auth }) => lintTexts(createTexts(texts), auth)
      .flatMap(({ template, breaches }) => breaches.map((breach) => `SMS text ${template.name} (${template.message}) ${breach}`))
  }
]

function readTemplates (source: string): Template[] {
  const { templates, problems } = parseTemplates(source)
  if (problems.length > 0) throw new SettingError(problems)
  return templates
}

function brandProblem (brand: string): string | undefined {
  if (brand.length > maximumBrandLength) return ` has more than ${maximumBrandLength} characters`
  const strange = [...charactersOutsideGsm7(brand), ...brand.match(/[{}\n\r]/g) ?? []]
  if (strange.length === 0) return undefined
  const quoted = strange.map((character) => JSON.stringify(character)).join(', ')
  return ` may contain only characters of GSM-7, without braces and line breaks; it has ${quoted}`
}
