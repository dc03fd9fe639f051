import t, { type Test } from 'tap'
import { createTemplates } from '../../../src/domain/sms/templates.ts'
import { startProgram } from '../../support/program.ts'

t.jobs = 2

const builtInCount = createTemplates([]).all.length

async function lint (t: Test, env: Record<string, string> = {}) {
  const program = startProgram(t, 'src/commands/sms-lint.ts', { hasCoverage: true, env })
  return {
    code: await program.wait(), rows: program.output.trimEnd().split('\n').map((line) => line.split(/ {2,}/)), errors: program.errors
  }
}

t.test('the command lists the built-in texts with their segments, and they break no rule', async (t) => {
  const { code, rows, errors } = await lint(t)
  t.equal(code, 0)
  t.equal(errors, '')
  t.same(rows[0], ['text', 'language', 'country', 'message', 'alphabet', 'characters', 'segments', 'breaches'])
  t.same(rows[1], ['en', 'en', 'all', 'code', 'GSM-7', '70', '1', 'none'])
  t.equal(rows.length, 1 + builtInCount)
})

t.test('a text that breaks rules is listed with them, and the exit code is 1', async (t) => {
  const { code, rows, errors } = await lint(t, {
    SMS_TEMPLATES: '{"IN": "Cheershare: {code}", "hi-IN": "कोड {code}, {minutes} {brand}", "Q": ""}', NODE_ENV: 'production'
  })
  t.equal(code, 1)
  t.same(rows.at(-2), [
    'IN',
    'any',
    'IN',
    'code',
    'GSM-7',
    '18',
    '1',
    'lacks the placeholder {minutes}; has no word for a code within 30 characters of it, such as "code"'
  ])
  t.same(rows.at(-1)?.slice(0, 4), ['hi-IN', 'hi', 'IN', 'code'])
  t.equal(
    errors,
    `SMS_TEMPLATES: Q is not a language (hi), country (IN) or language of a country (hi-IN)\n1 of ${builtInCount + 2} texts break a rule\n`
  )
})

t.test('an invalid last line is refused', async (t) => {
  const { code, errors } = await lint(t, { OTP_ANDROID_APP_HASH: 'short' })
  t.equal(code, 1)
  t.match(errors, /^OTP_ANDROID_APP_HASH is not an app hash/)
})

t.test('texts without room for both last lines are named, and texts that are too long for the SMS Retriever fail', async (t) => {
  const env = { OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu', OTP_AUTOFILL_DOMAIN: 'login.example.com' }
  const { code, rows, errors } = await lint(t, env)
  t.same([code, errors], [0, ''])
  t.match(rows.slice(1 + builtInCount).map(String), [/^hi \(code\) has no room for both last lines: .* others @login\.example\.com$/])
  const long = await lint(t, { ...env, SMS_BRAND: 'a brand of twenty ch' })
  t.equal(long.code, 1)
  t.match(long.rows.find(([name, , , message]) => name === 'hi' && message === 'code')?.at(-1), /^has 158 bytes with the app hash/)
})

t.test('an unreadable file is reported, and the built-in texts are listed', async (t) => {
  const { code, rows, errors } = await lint(t, { SMS_TEMPLATES: '{' })
  t.same([code, rows.length, errors], [1, 1 + builtInCount, 'SMS_TEMPLATES is badly-formed JSON\n'])
})
