import t from 'tap'
import { clientOf, openCarrier } from '../../support/carrier.ts'

const fine = { to: '+918123456789', from: '+15005550006', body: 'hello' }

const refusals: Array<[string, object, number, number]> = [
  ['an invalid sender of the test credentials', { from: '+15005550001' }, 21212, 400],
  ['a sender of another account', { from: '+15005550007' }, 21606, 400],
  ['a sender with a full queue', { from: '+15005550008' }, 21611, 429],
  ['an invalid recipient of the test credentials', { to: '+15005550001' }, 21211, 400],
  ['a recipient without a route', { to: '+15005550002' }, 21612, 400],
  ['a recipient in a closed region', { to: '+15005550003' }, 21408, 400],
  ['a recipient who sent STOP', { to: '+15005550004' }, 21610, 400],
  ['a recipient that is not a mobile', { to: '+15005550009' }, 21614, 400],
  ['a sender that is not a number, short code or name', { from: '+0123' }, 21212, 400],
  ['a name of 12 characters', { from: 'TwelveLetter' }, 21212, 400],
  ['a service of another kind', { from: undefined, messagingServiceSid: 'AC0123' }, 21705, 400],
  ['a validity of zero', { validityPeriod: 0 }, 21624, 400],
  ['a validity above ten hours', { validityPeriod: 36_001 }, 21624, 400],
  ['a fractional validity', { validityPeriod: 1.5 }, 21624, 400],
  ['a callback that is not a URL', { statusCallback: '/status' }, 21609, 400],
  ['a callback over FTP', { statusCallback: 'ftp://example.com/' }, 21609, 400],
  ['an underscore in the callback\'s host', { statusCallback: 'http://my_host/status' }, 21609, 400],
  ['credentials in the callback', { statusCallback: 'http://user:word@example.com/' }, 21609, 400],
  ['a callback of 4,001 characters', { statusCallback: `http://example.com/${'x'.repeat(3982)}` }, 21609, 400]
]

for (const [what, change, code, status] of refusals) {
  t.test(`${what}: the twilio client throws ${code}`, async (t) => {
    const carrier = await openCarrier(t)
    const moreInfo = `https://www.twilio.com/docs/errors/${code}`
    await t.rejects(clientOf(carrier).messages.create({ ...fine, ...change }), { name: 'Error', status, code, moreInfo, message: /\w/ })
    t.same(carrier.messages(), [])
  })
}

for (const [what, change] of [
  ['the valid sender of the test credentials', {}],
  ['a short code', { from: '56789' }],
  ['a name as the sender', { from: 'Cheershare' }],
  ['the longest validity', { validityPeriod: 36_000 }],
  ['the shortest validity', { validityPeriod: 1 }]
] as const) {
  t.test(`${what} is accepted`, async (t) => {
    const carrier = await openCarrier(t)
    t.match(await clientOf(carrier).messages.create({ ...fine, ...change }), { status: 'queued' })
  })
}

t.test('unknown paths answer 404, and JSON is not read as a form', async (t) => {
  const carrier = await openCarrier(t)
  await t.rejects(clientOf(carrier).calls.list(), { status: 404, code: 20404 })
  const authorization = `Basic ${Buffer.from(`${carrier.accountSid}:${carrier.authToken}`).toString('base64')}`
  const path = `/2010-04-01/Accounts/${carrier.accountSid}/Messages.json`
  const reply = await fetch(`${carrier.url}${path}`, {
    method: 'POST', body: '{"To":"+918123456789"}', headers: { authorization, 'content-type': 'application/json' }
  })
  t.equal(reply.status, 400)
  t.match(await reply.json(), { code: 21604 })
})
