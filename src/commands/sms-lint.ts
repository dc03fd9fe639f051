import { type ConfigError, readConfig, type Config } from '../config/index.ts'
import type { TextReport } from '../domain/sms/lint.ts'
import { readSmsTexts } from '../config/sms-texts.ts'

/** Prints what each text of an SMS costs and which rules it breaks: `npm run sms:lint`. */
const variables = ['OTP_LENGTH', 'OTP_TTL_SECONDS', 'OTP_AUTOFILL_DOMAIN', 'OTP_ANDROID_APP_HASH', 'SMS_BRAND', 'SMS_TEMPLATES'] as const

/** Of these alone: the rest of a configuration need not be there to lint its texts. */
function readOwnConfig (): Config | undefined {
  try {
    return readConfig(Object.fromEntries(variables.map((name) => [name, process.env[name]])))
  } catch (error) {
    fail((error as ConfigError).problems)
  }
}

function rowOf ({ template, alphabet, units, segments, breaches }: TextReport): string[] {
  const { name, language, country, message } = template
  return [name, language ?? 'any', country ?? 'all', message, alphabet, String(units), String(segments), breaches.join('; ') || 'none']
}

function printTable (rows: readonly string[][]): void {
  const widthOf = (column: number) => Math.max(...rows.map((row) => String(row[column]).length))
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widthOf(column))).join('  ').trimEnd()}\n`)
}

function fail (problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}

const config = readOwnConfig()
if (config !== undefined) {
  const { reports, problems } = readSmsTexts(config)
  printTable([['text', 'language', 'country', 'message', 'alphabet', 'characters', 'segments', 'breaches'], ...reports.map(rowOf)])
  const broken = reports.filter(({ breaches }) => breaches.length > 0).length
  if (problems.length + broken > 0) fail([...problems, ...(broken > 0 ? [`${broken} of ${reports.length} texts break a rule`] : [])])
}
