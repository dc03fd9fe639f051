import t from 'tap'
import { askCarrier, openCarrier } from '../../support/carrier.ts'

const form = {
  To: 'whatsapp:+918123456789', From: 'whatsapp:+14155238886', ContentSid: `HX${'0a'.repeat(16)}`, ContentVariables: '{"1":"493817"}'
}

t.test('a template is accepted for a WhatsApp address, with its variables as the body', async (t) => {
  const carrier = await openCarrier(t)
  t.match(await askCarrier(carrier, { form }), { status: 201, body: { to: form.To, from: form.From, body: form.ContentVariables } })
  t.match(carrier.messages({ to: form.To }), [{ to: form.To, from: form.From, body: form.ContentVariables }])
  const { ContentVariables: _variables, ...bare } = form
  t.match(await askCarrier(carrier, { form: bare }), { status: 201, body: { body: '' } })
})

t.test('a text is accepted for a WhatsApp address', async (t) => {
  const carrier = await openCarrier(t)
  const { To, From } = form
  t.match(await askCarrier(carrier, { form: { To, From, Body: 'hello' } }), { status: 201, body: { body: 'hello' } })
})

const refused: Array<[what: string, change: Record<string, string>, code: number]> = [
  ['an invalid number after the channel', { To: 'whatsapp:8123456789' }, 21211],
  ['another channel', { To: 'messenger:+918123456789' }, 21211],
  ['a sender without the channel', { From: '+14155238886' }, 63007],
  ['a sender that is a name', { From: 'whatsapp:Cheershare' }, 63007],
  ['an invalid template id', { ContentSid: 'HX1' }, 21654],
  ['variables that are not JSON', { ContentVariables: '{' }, 21656],
  ['variables in a list', { ContentVariables: '["493817"]' }, 21656],
  ['variables that are null', { ContentVariables: 'null' }, 21656],
  ['variables that are a number', { ContentVariables: '1' }, 21656],
  ['neither text nor template', { ContentSid: '' }, 21602],
  ['a number that sent STOP', { To: 'whatsapp:+15005550004' }, 21610]
]

for (const [what, change, code] of refused) {
  t.test(`${what} is refused with ${code}`, async (t) => {
    const carrier = await openCarrier(t)
    t.match(await askCarrier(carrier, { form: { ...form, ...change } }), { status: 400, body: { code } })
    t.same(carrier.messages(), [])
  })
}

t.test('a WhatsApp sender cannot send an SMS', async (t) => {
  const carrier = await openCarrier(t)
  t.match(await askCarrier(carrier, { form: { ...form, To: '+918123456789' } }), { status: 400, body: { code: 21212 } })
})
