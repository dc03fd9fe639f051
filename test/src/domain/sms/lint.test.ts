import t from 'tap'
import { lintText } from '../../../../src/domain/sms/lint.ts'
import { createTemplates, parseTemplateName, type Message } from '../../../../src/domain/sms/templates.ts'

const sizes = { codeLength: 6, lifeSeconds: 300 }
const breachesOf = (name: string, text: string, message: Message = 'code', style = { brand: 'Cheershare' }) =>
  lintText({ name, language: undefined, country: undefined, ...parseTemplateName(name), message, text }, style, sizes).breaches

t.test('the built-in texts break no rule', async (t) => {
  for (const template of createTemplates([]).all) {
    t.same(
      lintText(template, { brand: 'Cheershare' }, sizes).breaches, [], `${template.name} ${template.message}`
    )
  }
})

const good = '{brand}: code {code}, {minutes} min.'
const refused: Array<[name: string, text: string, breach: RegExp, message?: Message]> = [
  ['en', '{brand}: code, {minutes} min.', /^lacks the placeholder \{code\}$/],
  ['IN', '{brand}: code {code}.', /^lacks the placeholder \{minutes\}$/],
  ['en', `${good} {name}`, /^contains \{name\}; the placeholders are \{code\}, \{minutes\}, \{brand\}$/],
  ['IN', `${good} {#var#}`, /^contains \{#var#\}; the placeholders are \{code\}/],
  ['en', `${good} {Code}`, /^contains \{Code\}; the/],
  ['en', `${good} {`, /^contains \{; the/],
  ['en', 'code {code}, {minutes} min.', /^does not name Cheershare; write \{brand\}$/],
  ['en', '{brand}: {code}, {minutes} min.', /^has no word for a code within 30 characters of it, such as "code"$/],
  ['es', `{brand}: tu clave. ${'Vale mucho. '.repeat(5)}{code} {minutes}`, /^has no word for a code .*"clave"$/],
  ['MX', '{brand}: {code}, {minutes} min.', /^has no word for a code/],
  ['es', '{brand}: tu código es {code}. {minutes} min.', /^must be GSM-7 in this language, which excludes: ó$/],
  ['en', `${good} ${'x'.repeat(160)}`, /^needs 2 segments \(\d+ characters of GSM-7\); the maximum is 1$/],
  ['IN', `${good} ${'x'.repeat(160)}`, /^needs 2 segments/],
  ['hi', `कोड ${good} ${'क'.repeat(134)}`, /^needs 3 segments \(\d+ characters of UCS-2\); the maximum is 2$/],
  ['en', '{brand}: {code} moved', /^contains \{code\}; the placeholders are \{brand\}$/, 'phone_changed']
]
for (const [name, text, breach, message] of refused) {
  t.test(`${name}: ${text.slice(0, 40)} breaks one rule`, async (t) => { t.match(breachesOf(name, text, message), [breach]) })
}

const accepted: Array<[name: string, text: string]> = [
  ['en', good], ['IN', 'Your OTP for Cheershare is {code}, good for {minutes} min.\n@example.com #{code}'],
  ['MX', '{brand}: código {code}, {minutes} min.'],
  ['hi', `कोड ${good}`], ['hi', `${good} ${'क'.repeat(60)}`], ['it', '{brand}: parola {code}, {minutes} min.']
]
for (const [name, text] of accepted) {
  t.test(`${name}: ${text.slice(0, 40)} breaks no rule`, async (t) => { t.same(breachesOf(name, text), []) })
}
