import { readFileSync } from 'node:fs'
import { isSupportedCountry } from 'libphonenumber-js/max'
import type { Config } from './index.ts'
import { lintText, type TextReport } from '../domain/sms/lint.ts'
import { createTemplates, messages, parseTemplateName, type Message, type Template, type Templates } from '../domain/sms/templates.ts'
import type { TextStyle } from '../domain/sms/text.ts'

export interface SmsTextsRead {
  templates: Templates
  style: TextStyle
  /** Why SMS_TEMPLATES, or a part of it, could not be read. */
  problems: string[]
  /** Of every text, with the rules that it breaks. */
  reports: TextReport[]
}

/** The texts of a service: the built-in ones, with those of SMS_TEMPLATES in their place or beside them. */
export function readSmsTexts (config: Config): SmsTextsRead {
  const { SMS_BRAND: brand, OTP_AUTOFILL_DOMAIN: autofillDomain, OTP_ANDROID_APP_HASH: appHash } = config
  const style = { brand, autofillDomain, appHash }
  const { own, problems } = readOwn(config.SMS_TEMPLATES)
  const templates = createTemplates(own)
  const sizes = { codeLength: config.OTP_LENGTH, lifeSeconds: config.OTP_TTL_SECONDS }
  return { templates, style, problems, reports: templates.all.map((template) => lintText(template, style, sizes)) }
}

interface Own { own: Template[], problems: string[] }

function readOwn (source: string | undefined): Own {
  if (source === undefined) return { own: [], problems: [] }
  const read = readJson(source)
  if (typeof read === 'string') return { own: [], problems: [read] }
  const parts = Object.entries(read).map(([name, entry]) => readEntry(name, entry))
  return { own: parts.flatMap(({ own }) => own), problems: parts.flatMap(({ problems }) => problems) }
}

/** A sentence where there is none to be had. */
function readJson (source: string): object | string {
  try {
    const json: unknown = JSON.parse(source.startsWith('{') ? source : readFileSync(source, 'utf8'))
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
    return isObject ? json : 'SMS_TEMPLATES is no JSON object of texts by language or country'
  } catch (error) {
    if (error instanceof SyntaxError) return 'SMS_TEMPLATES is badly-formed JSON'
    return `SMS_TEMPLATES is neither JSON, which begins with {, nor a file that can be read (${String((error as NodeJS.ErrnoException).code)}): ${source}`
  }
}

const refuse = (name: string, fact: string): Own => ({ own: [], problems: [`SMS_TEMPLATES: ${name} ${fact}`] })

/** A text alone is that of a code. */
function readEntry (name: string, entry: unknown): Own {
  const place = parseTemplateName(name)
  if (place === undefined) return refuse(name, 'is no language (hi), country (IN) or language of a country (hi-IN)')
  const { country } = place
  if (country !== undefined && !isSupportedCountry(country)) return refuse(name, `has the country ${country}, which there is not`)
  const texts = typeof entry === 'string' ? { code: entry } : entry
  if (!isTexts(texts)) return refuse(name, `is neither a text nor an object of texts named ${messages.join(', ')}`)
  return { own: messages.flatMap((message) => texts[message] === undefined ? [] : [{ ...place, message, text: texts[message] }]), problems: [] }
}

function isTexts (value: unknown): value is Partial<Record<Message, string>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([message, text]) => messages.some((known) => known === message) && typeof text === 'string')
}
