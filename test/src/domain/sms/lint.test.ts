import t from 'tap'
import { lintText } from '../../../../src/domain/sms/lint.ts'
import { createTemplates, parseTemplateName, type Message } from '../../../../src/domain/sms/templates.ts'

const sizes = { codeLength: 6, lifeSeconds: 300 }
const breachesOf = (name: string, text: string, message: Message = 'code', style = { brand: 'Cheershare' }) =>
  lintText({ name, language: undefined, country: undefined, ...parseTemplateName(name), message, text }, style, sizes).breaches

t.test('the built-in texts break no rule', async (t) => {
  for (const template of createTemplates([]).all) t.same(lintText(template, { brand: 'Cheershare' }, sizes).breaches, [], `${template.name} ${template.message}`)
})

const good = '{brand}: code {code}, {minutes} min.'
const refused: Array<[name: string, text: string, breach: RegExp, message?: Message]> = [
  ['en', '{brand}: code, {minutes} min.', /^lacks the placeholder \{code\}$/],
  ['IN', '{brand}: code {code}.', /^lacks the placeholder \{minutes\}$/],
  ['en', `${good} {name}`, /^has \{name\}, which is none of \{code\}, \{minutes\}, \{brand\}$/],
  ['IN', `${good} {#var#}`, /^has \{#var#\}, which is none of/],
  ['en', `${good} {Code}`, /^has \{Code\}, which/],
  ['en', `${good} {`, /^has \{, which/],
  ['en', 'code {code}, {minutes} min.', /^does not name Cheershare; write \{brand\}$/],
  ['en', '{brand}: {code}, {minutes} min.', /^has no word for a code within 30 characters of it, such as "code"$/],
  ['es', `{brand}: tu clave. ${'Vale mucho. '.repeat(5)}{code} {minutes}`, /^has no word for a code .*"clave"$/],
  ['MX', '{brand}: {code}, {minutes} min.', /^has no word for a code/],
  ['es', '{brand}: tu código es {code}. {minutes} min.', /^is not GSM-7, which this language fits in, because of: ó$/],
  ['en', `${good} ${'x'.repeat(160)}`, /^takes 2 segments \(\d+ characters of GSM-7\); at most 1 may be$/],
  ['IN', `${good} ${'x'.repeat(160)}`, /^takes 2 segments/],
  ['hi', `कोड ${good} ${'क'.repeat(134)}`, /^takes 3 segments \(\d+ characters of UCS-2\); at most 2 may be$/],
  ['en', '{brand}: {code} moved', /^has \{code\}, which is none of \{brand\}$/, 'phone_changed']
]
for (const [name, text, breach, message] of refused) {
  t.test(`${name}: ${text.slice(0, 40)} breaks one rule`, async (t) => { t.match(breachesOf(name, text, message), [breach]) })
}

const taken: Array<[name: string, text: string]> = [
  ['en', good], ['IN', 'Your OTP for Cheershare is {code}, good for {minutes} min.\n@example.com #{code}'], ['MX', '{brand}: código {code}, {minutes} min.'],
  ['hi', `कोड ${good}`], ['hi', `${good} ${'क'.repeat(60)}`], ['it', '{brand}: parola {code}, {minutes} min.']
]
for (const [name, text] of taken) {
  t.test(`${name}: ${text.slice(0, 40)} breaks none`, async (t) => { t.same(breachesOf(name, text), []) })
}
