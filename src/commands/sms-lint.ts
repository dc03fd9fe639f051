import { authSettings } from '../config/auth.ts'
import { EnvironmentReader } from '../config/setting.ts'
import { parseTemplates } from '../config/sms-templates.ts'
import { createTexts, lintTexts, smsTextSettings } from '../config/sms-texts.ts'
import type { TextReport } from '../domain/sms/lint.ts'

/** Prints the segments of each SMS text and the rules that it breaks: `npm run sms:lint`. */
function run (): void {
  // Only the variables of texts are read, so the command works without the rest of a configuration.
  const { SMS_TEMPLATES, ...env } = process.env
  const reader = new EnvironmentReader(env)
  const values = reader.read(smsTextSettings)
  const sizes = reader.read({ otpLength: authSettings.otpLength, otpTtlSeconds: authSettings.otpTtlSeconds })
  if (reader.problems.length > 0) return fail(reader.problems)

  const source = new EnvironmentReader({ SMS_TEMPLATES }).textOf(smsTextSettings.templates)
  const { templates, problems } = source === undefined ? { templates: [], problems: [] } : parseTemplates(source)
  const reports = lintTexts(createTexts({ ...values, templates }), sizes)
  printTable([['text', 'language', 'country', 'message', 'alphabet', 'characters', 'segments', 'breaches'], ...reports.map(toRow)])
  for (const { template, notes } of reports) {
    for (const note of notes) process.stdout.write(`${template.name} (${template.message}) ${note}\n`)
  }
  const broken = reports.filter(({ breaches }) => breaches.length > 0).length
  fail([...problems, ...(broken > 0 ? [`${broken} of ${reports.length} texts break a rule`] : [])])
}

function toRow ({ template, alphabet, units, segments, breaches }: TextReport): string[] {
  const { name, language, country, message } = template
  return [name, language ?? 'any', country ?? 'all', message, alphabet, String(units), String(segments), breaches.join('; ') || 'none']
}

function printTable (rows: readonly string[][]): void {
  const columnWidth = (column: number) => Math.max(...rows.map((row) => String(row[column]).length))
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(columnWidth(column))).join('  ').trimEnd()}\n`)
}

function fail (problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  if (problems.length > 0) process.exitCode = 1
}

run()
