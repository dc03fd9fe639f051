import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import type { Carrier } from '../../../src/carrier/index.ts'
import { FaultSchema } from '../../../src/carrier/fault-schemas.ts'
import { basic, clientOf, openCarrier } from '../../support/carrier.ts'

const message = { to: '+918123456789', from: '+15005550006', body: 'hello' }
const openTool = async (t: Test) => await openCarrier(t, { hasControl: true, now: () => Date.UTC(2026, 10, 21, 9, 30) })

interface ControlRequest { method?: string, json?: unknown, authorization?: string }

async function ask (
  carrier: Carrier, url: string, { method = 'GET', json, authorization = basic(carrier.accountSid, carrier.authToken) }: ControlRequest = {}
) {
  const content = json === undefined
    ? {}
    : {
        method: 'POST', body: JSON.stringify(json), headers: { authorization, 'content-type': 'application/json' }
      }
  const response = await fetch(`${carrier.url}${url}`, { method, headers: { authorization }, ...content })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) as Record<string, unknown> }
}

t.test('a rule is added, listed with its remaining uses, and applied', async (t) => {
  const carrier = await openTool(t)
  const rule = { fault: { kind: 'refuse', status: 429, code: 20429, retry_after_seconds: 30 }, to: message.to, times: 2 }
  t.same(await ask(carrier, '/_faults', { json: rule }), { status: 201, body: { faults: [rule] } })
  await t.rejects(clientOf(carrier).messages.create(message), { status: 429, code: 20429 })
  t.same(await ask(carrier, '/_faults'), { status: 200, body: { faults: [{ ...rule, times: 1 }] } })
})

t.test('a script is added in one request, and cleared', async (t) => {
  const carrier = await openTool(t)
  const script = [
    { fault: { kind: 'none' }, times: 1 },
    { fault: { kind: 'delay', ms: 1 } },
    { fault: { kind: 'hang', accept: true } },
    { fault: { kind: 'cut', accept: false } },
    { fault: { kind: 'html', status: 502, accept: false } },
    { fault: { kind: 'duplicate' } },
    { fault: { kind: 'late', ms: 100 } },
    { fault: { kind: 'disorder' } },
    { fault: { kind: 'fail', status: 'failed', code: 30007 } }
  ]
  t.same(await ask(carrier, '/_faults', { json: script }), { status: 201, body: { faults: script } })
  t.same(await ask(carrier, '/_faults', { method: 'DELETE' }), { status: 204, body: undefined })
  t.same(await ask(carrier, '/_faults'), { status: 200, body: { faults: [] } })
})

for (const [what, json, error] of [
  ['an unknown kind', { fault: { kind: 'nonsense' } }, /body\/0\/fault .*kind/],
  ['no kind', { fault: {} }, /kind/],
  ['no fault', { to: message.to }, /body\/0 must have required property 'fault'/],
  ['a status below 400', { fault: { kind: 'refuse', status: 200, code: 20500 } }, /body\/0\/fault\/status must be >= 400/],
  ['a number as text', { fault: { kind: 'delay', ms: '10' } }, /body\/0\/fault\/ms must be integer/],
  ['an unknown field', { fault: { kind: 'none', colour: 'red' } }, /body\/0\/fault must NOT have additional properties/],
  ['another unknown field', { fault: { kind: 'none' }, colour: 'red' }, /body\/0 must NOT have additional properties/],
  ['a national number', { fault: { kind: 'none' }, to: '8123456789' }, /body\/0\/to must match pattern/],
  ['no times', { fault: { kind: 'none' }, times: 0 }, /body\/0\/times must be >= 1/],
  ['an error code of replies', { fault: { kind: 'fail', status: 'failed', code: 21211 } }, /body\/0\/fault\/code must be >= 30000/],
  ['the second rule of a script', [{ fault: { kind: 'none' } }, {}], /body\/1 must have/],
  ['an empty script', [], /must NOT have fewer than 1 items/]
] as const) {
  t.test(`${what} is refused and adds no rule`, async (t) => {
    const carrier = await openTool(t)
    t.match(await ask(carrier, '/_faults', { json }), { status: 400, body: { error } })
    t.same(carrier.faults.list(), [])
  })
}

t.test('accepted messages are listed, all or for one number, and cleared', async (t) => {
  const carrier = await openTool(t)
  carrier.faults.add({ fault: { kind: 'fail', status: 'failed', code: 30007 }, times: 1 })
  const { sid } = await clientOf(carrier).messages.create({ ...message, validityPeriod: 300 })
  await clientOf(carrier).messages.create({ to: '+918123456780', messagingServiceSid: 'MG0123', body: 'other' })
  const time = '2026-11-21T09:30:00.000Z'
  t.same(await ask(carrier, `/_messages?to=${encodeURIComponent(message.to)}`), {
    status: 200,
    body: {
      messages: [{
        sid, ...message, status: 'failed', received_at: time, updated_at: time, validity_period: 300, error_code: 30007
      }]
    }
  })
  t.match(await ask(carrier, '/_messages'), { body: { messages: [{ body: 'other', messaging_service_sid: 'MG0123' }, { sid }] } })
  t.match(await ask(carrier, '/_messages?from=x'), { status: 400, body: { error: /additional properties/ } })
  t.same(await ask(carrier, '/_messages', { method: 'DELETE' }), { status: 204, body: undefined })
  t.same(await ask(carrier, '/_messages'), { status: 200, body: { messages: [] } })
})

t.test('the scheme of the credentials may be in any case', async (t) => {
  const carrier = await openTool(t)
  const credentials = basic(carrier.accountSid, carrier.authToken)
  for (const scheme of ['basic ', 'BASIC ', 'Basic  ']) {
    t.equal((await ask(carrier, '/_faults', { authorization: credentials.replace('Basic ', scheme) })).status, 200, scheme)
  }
  for (const scheme of ['Bearer ', 'xBasic ', '']) {
    t.equal((await ask(carrier, '/_faults', { authorization: credentials.replace('Basic ', scheme) })).status, 401, scheme)
  }
})

for (const url of ['/_faults', '/_messages']) {
  t.test(`${url} requires the credentials`, async (t) => {
    const carrier = await openTool(t)
    for (const authorization of [
      '', basic(carrier.accountSid, 'wrong'), basic(carrier.accountSid, carrier.authToken.toUpperCase() + 'x')
    ]) {
      for (const request of [{}, { json: { fault: { kind: 'none' } } }, { method: 'DELETE' }]) {
        const { status } = await ask(carrier, url, { ...request, authorization })
        t.equal(status, 401)
      }
    }
    t.equal((await fetch(`${carrier.url}${url}`)).status, 401)
    t.same(carrier.faults.list(), [])
  })

  t.test(`${url} does not exist without hasControl`, async (t) => {
    const carrier = await openCarrier(t)
    t.match(await ask(carrier, url), { status: 404 })
    t.match(await ask(carrier, url, { method: 'DELETE' }), { status: 404 })
  })
}

t.test('an unexpected error of the emulator answers 500', async (t) => {
  const carrier = await openTool(t)
  t.intercept(carrier.faults, 'list', { value: () => { throw new Error('broken') } })
  t.same(await ask(carrier, '/_faults'), { status: 500, body: { error: 'broken' } })
})

t.test('every fault has an example in the documentation, and the examples are accepted', async (t) => {
  const carrier = await openTool(t)
  const page = await readFile(path.resolve(import.meta.dirname, '../../../docs/carrier.md'), 'utf8')
  const examples = page.split('\n').filter((line) => line.startsWith('{"fault"')).map((line) => JSON.parse(line) as object)
  t.match(await ask(carrier, '/_faults', { json: examples }), { status: 201, body: { faults: examples } })
  const kinds = carrier.faults.list().map(({ fault }) => fault.kind)
  t.same(new Set(kinds), new Set(FaultSchema.anyOf.map(({ properties }) => properties.kind.const)))
})
