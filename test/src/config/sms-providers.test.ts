import t from 'tap'
import { carrier, findProblems, production, type Environment } from '../../support/config-problems.ts'

t.test('incomplete credentials are reported with the missing variables', async (t) => {
  const { TWILIO_SID, TWILIO_API_KEY, TWILIO_PHONE_NUMBER } = carrier
  const halves: Array<[Environment, RegExp]> = [
    [{ TWILIO_SID }, /^TWILIO_API_KEY is missing/],
    [{ TWILIO_SID, TWILIO_PHONE_NUMBER }, /^TWILIO_API_KEY is missing/],
    [{ TWILIO_SID, TWILIO_API_KEY }, /^TWILIO_PHONE_NUMBER \(or TWILIO_MESSAGING_SERVICE_SID\) is missing/],
    [{ TWILIO_API_KEY }, /^TWILIO_SID is missing, although TWILIO_API_KEY is set/],
    [{ TWILIO_PHONE_NUMBER, TWILIO_API_KEY }, /^TWILIO_SID is missing, although TWILIO_API_KEY, TWILIO_PHONE_NUMBER is set/],
    [{ TWILIO_MESSAGING_SERVICE_SID: 'MG1' }, /^TWILIO_SID is missing/],
    [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }, /^TWILIO_SID is missing/]
  ]
  for (const [env, problem] of halves) t.match(findProblems(env), [problem], Object.keys(env).join())
  t.strictSame(findProblems({ TWILIO_SID, TWILIO_API_KEY, TWILIO_MESSAGING_SERVICE_SID: 'MG1' }), [])
})

const apiKey = { TWILIO_API_KEY_SID: `SK${'0a'.repeat(16)}`, TWILIO_API_KEY_SECRET: 'a-secret-of-a-key' }

t.test('an API key of Twilio authenticates with or without the auth token', async (t) => {
  const { TWILIO_API_KEY: _token, ...withoutToken } = carrier
  t.strictSame(findProblems({ ...carrier, ...apiKey }), [])
  t.strictSame(findProblems({ ...withoutToken, ...apiKey }), [])
  t.strictSame(findProblems({ ...production, ...withoutToken, ...apiKey }), [])
})

const wrongKeys: Array<[what: string, env: Environment, problems: RegExp[]]> = [
  ['an SID without a secret', { TWILIO_API_KEY_SECRET: '' }, [/^TWILIO_API_KEY_SECRET is missing, although TWILIO_API_KEY_SID is set$/]],
  ['a secret without an SID', { TWILIO_API_KEY_SID: '' }, [
    /^TWILIO_API_KEY_SID is missing, although TWILIO_API_KEY_SECRET is set; an auth token belongs in TWILIO_API_KEY$/
  ]],
  ['an auth token as SID', { TWILIO_API_KEY_SID: '0a'.repeat(16) }, [
    /^TWILIO_API_KEY_SID is the SID of an API key and begins with SK; the auth token of the account belongs in TWILIO_API_KEY$/
  ]],
  ['an account SID as SID', { TWILIO_API_KEY_SID: `AC${'0'.repeat(32)}` }, [/^TWILIO_API_KEY_SID is the SID of an API key/]],
  ['the auth token as secret', { TWILIO_API_KEY: 'token', TWILIO_API_KEY_SECRET: 'token' }, [
    /^TWILIO_API_KEY_SECRET repeats the auth token in TWILIO_API_KEY/
  ]],
  ['the SID of a key as auth token', { TWILIO_API_KEY: apiKey.TWILIO_API_KEY_SID }, [
    /^TWILIO_API_KEY is the auth token of the account; the SID of an API key \(SK\.\.\.\) belongs in TWILIO_API_KEY_SID$/
  ]],
  ['the SID of a key as account SID', { TWILIO_SID: apiKey.TWILIO_API_KEY_SID }, [
    /^TWILIO_SID is an account SID and begins with AC; the SID of an API key \(SK\.\.\.\) belongs in TWILIO_API_KEY_SID$/
  ]],
  ['another text as account SID', { TWILIO_SID: 'a-secret-text' }, [/^TWILIO_SID is an account SID and begins with AC$/]],
  ['no account SID', { TWILIO_SID: '', TWILIO_API_KEY: '', TWILIO_PHONE_NUMBER: '' }, [
    /^TWILIO_SID is missing, although TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET is set$/
  ]],
  ['no credentials', { TWILIO_API_KEY: '', TWILIO_API_KEY_SID: '', TWILIO_API_KEY_SECRET: '' }, [
    /^TWILIO_API_KEY is missing, although TWILIO_SID is set: set the auth token, or TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET$/
  ]]
]

for (const [what, env, problems] of wrongKeys) {
  t.test(`${what} is refused with a sentence that contains no value`, async (t) => {
    const found = findProblems({ ...carrier, ...apiKey, ...env })
    t.match(found, problems)
    t.equal(found.length, problems.length)
    t.notMatch(found.join(), /a-secret|0a0a/)
  })
}

const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`
const webhook = { SMS_PROVIDERS: 'webhook', SMS_WEBHOOK_URL: 'https://sms.example/send', SMS_WEBHOOK_SECRET: secret }

t.test('with the webhook alone, no credentials of Twilio are needed and no inbox is exposed', async (t) => {
  t.strictSame(findProblems(webhook), [])
  t.strictSame(findProblems({ ...webhook, HOST: '0.0.0.0' }), [])
  t.strictSame(findProblems({ ...production, ...webhook }), [])
  t.strictSame(findProblems({ ...webhook, TWILIO_PHONE_NUMBER: '+15005550006' }), [], 'unused settings are ignored')
})

t.test('with the webhook and Twilio, the credentials of Twilio are still needed', async (t) => {
  for (const SMS_PROVIDERS of ['twilio,webhook', 'webhook, twilio']) {
    const both = { ...webhook, SMS_PROVIDERS }
    t.strictSame(findProblems(both), [])
    t.match(findProblems({ ...both, HOST: '0.0.0.0' }), [/^TWILIO_SID, .* HOST=0\.0\.0\.0 can be reached/])
    t.match(findProblems({ ...production, ...both }), [/^TWILIO_SID is missing/])
    t.strictSame(findProblems({ ...production, ...both, ...carrier }), [])
  }
})

t.test('a webhook without URL or secret is reported with the missing variable', async (t) => {
  for (const name of ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'] as const) {
    const { [name]: _, ...rest } = webhook
    t.match(findProblems(rest), [new RegExp(`^${name} is missing, although SMS_PROVIDERS names webhook`)])
  }
  t.strictSame(findProblems({ SMS_WEBHOOK_URL: 'nothing' }), [], 'settings that no selected provider uses are not checked')
})

const webhookUrls: Array<[url: string, whatIsWrong: RegExp | undefined, isFineWherePrivateIsAllowed: boolean]> = [
  ['https://sms.example', undefined, true],
  ['https://sms.example:8443/a?b=c', undefined, true],
  ['https://8.8.8.8', undefined, true],
  ['https://localhost', undefined, true],
  ['http://sms.example', /is not a URL that begins with https:$/, true],
  ['ftp://sms.example', /is not a URL/, false],
  ['sms.example', /is not a URL/, false],
  ['https://user:hunter2@sms.example', /contains credentials/, false],
  ['https://user@sms.example', /contains credentials/, false],
  ['https://:hunter2@sms.example', /contains credentials/, false],
  ...[
    '127.0.0.1', '127.1', '0x7f.1', '2130706433', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1',
    '169.254.169.254', '224.0.0.1',
    '[::1]', '[::]', '[::ffff:10.0.0.1]', '[::ffff:7f00:1]', '[fe80::1]', '[fd00::1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]'
  ].map((host): [string, RegExp, boolean] => [`https://${host}/`, /leads to a private address; set SMS_WEBHOOK_ALLOW_PRIVATE=on/, true])
]

for (const [url, whatIsWrong, isFineWherePrivateIsAllowed] of webhookUrls) {
  t.test(`SMS_WEBHOOK_URL=${url} is ${whatIsWrong === undefined ? 'accepted' : 'refused'}`, async (t) => {
    const problems = findProblems({ ...webhook, SMS_WEBHOOK_URL: url })
    t.match(problems, whatIsWrong === undefined ? [] : [whatIsWrong])
    t.equal(problems.length, whatIsWrong === undefined ? 0 : 1)
    t.notMatch(problems.join(), 'hunter2')
    t.equal(findProblems({ ...webhook, SMS_WEBHOOK_URL: url, SMS_WEBHOOK_ALLOW_PRIVATE: 'on' }).length, isFineWherePrivateIsAllowed ? 0 : 1)
  })
}

t.test('each webhook secret must have the standard format', async (t) => {
  t.strictSame(findProblems({ ...webhook, SMS_WEBHOOK_SECRET: `${secret}, ${secret}` }), [])
  for (const value of ['hunter2', secret.slice(6), 'whsec_aHVudGVyMg==', `${secret},hunter2`]) {
    const problems = findProblems({ ...webhook, SMS_WEBHOOK_SECRET: value })
    t.match(problems, [/^SMS_WEBHOOK_SECRET: each secret is whsec_/])
    t.notMatch(problems.join(), /hunter2|aHVud/)
  }
})

t.test('WhatsApp needs a sender and a template', async (t) => {
  const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }
  t.strictSame(findProblems({ ...carrier, ...whatsApp }), [])
  t.strictSame(findProblems(whatsApp), [], 'the emulator supports WhatsApp too')
  const wrong: Array<[Environment, RegExp]> = [
    [{ TWILIO_WHATSAPP_FROM: '+14155238886' }, /^TWILIO_WHATSAPP_FROM and TWILIO_WHATSAPP_CONTENT_SID are needed together/],
    [{ TWILIO_WHATSAPP_CONTENT_SID: whatsApp.TWILIO_WHATSAPP_CONTENT_SID }, /are needed together/],
    [{ ...whatsApp, TWILIO_WHATSAPP_FROM: 'whatsapp:+14155238886' }, /^TWILIO_WHATSAPP_FROM is not a number in E\.164/],
    [{ ...whatsApp, TWILIO_WHATSAPP_CONTENT_SID: 'HX1' }, /^TWILIO_WHATSAPP_CONTENT_SID is not a content SID/]
  ]
  for (const [env, problem] of wrong) t.match(findProblems({ ...carrier, ...env }), [problem], JSON.stringify(env))
})
