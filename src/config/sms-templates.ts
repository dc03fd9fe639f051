import { readFileSync } from 'node:fs'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { messages, parseTemplateName, type Message, type Template } from '../domain/sms/templates.ts'

export interface ParsedTemplates {
  templates: Template[]
  /** Sentences about SMS_TEMPLATES, or about entries of it that were left out. */
  problems: string[]
}

/** Reads SMS_TEMPLATES: JSON, or the path of a file with JSON. */
export function parseTemplates (source: string): ParsedTemplates {
  const read = readJson(source)
  if (typeof read === 'string') return { templates: [], problems: [read] }
  const parts = Object.entries(read).map(([name, entry]) => parseEntry(name, entry))
  return { templates: parts.flatMap(({ templates }) => templates), problems: parts.flatMap(({ problems }) => problems) }
}

/** Returns the object, or a sentence that describes the problem. */
function readJson (source: string): object | string {
  try {
    const json: unknown = JSON.parse(source.startsWith('{') ? source : readFileSync(source, 'utf8'))
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
    return isObject ? json : 'SMS_TEMPLATES is not a JSON object of texts by language or country'
  } catch (error) {
    if (error instanceof SyntaxError) return 'SMS_TEMPLATES is badly-formed JSON'
    const { code } = error as NodeJS.ErrnoException
    return `SMS_TEMPLATES is neither JSON, which begins with {, nor a file that can be read (${String(code)}): ${source}`
  }
}

const refuse = (name: string, fact: string): ParsedTemplates => ({ templates: [], problems: [`SMS_TEMPLATES: ${name} ${fact}`] })

/** Parses the texts of one language or country. A plain string is the text of a code. */
function parseEntry (name: string, entry: unknown): ParsedTemplates {
  const scope = parseTemplateName(name)
  if (scope === undefined) return refuse(name, 'is not a language (hi), country (IN) or language of a country (hi-IN)')
  const { country } = scope
  if (country !== undefined && !isSupportedCountry(country)) return refuse(name, `is refused: ${country} is not a known country code`)
  const texts = typeof entry === 'string' ? { code: entry } : entry
  if (!isTexts(texts)) return refuse(name, `is neither a text nor an object of texts named ${messages.join(', ')}`)
  const templates = messages.flatMap((message) => texts[message] === undefined ? [] : [{ ...scope, message, text: texts[message] }])
  return { templates, problems: [] }
}

function isTexts (value: unknown): value is Partial<Record<Message, string>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([message, text]) => messages.some((known) => known === message) && typeof text === 'string')
}
