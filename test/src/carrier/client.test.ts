import t from 'tap'
import { askCarrier, clientOf, openCarrier } from '../../support/carrier.ts'

const to = '+918123456789'
const from = '+15005550006'
const body = 'hello'

t.test('the twilio client creates a message and fetches it', async (t) => {
  const carrier = await openCarrier(t, { now: () => Date.UTC(2026, 10, 21, 9, 30) })
  const client = clientOf(carrier)
  const created = await client.messages.create({ to, from, body, validityPeriod: 300 })
  const dateCreated = new Date('2026-11-21T09:30:00Z')
  t.match(created, {
    sid: /^SM[0-9a-f]{32}$/, accountSid: carrier.accountSid, to, from, body, status: 'queued', dateCreated, dateSent: null, errorCode: null
  })
  t.match(await client.messages(created.sid).fetch(), {
    sid: created.sid, status: 'delivered', dateSent: dateCreated, dateUpdated: dateCreated
  })
  t.match(carrier.messages(), [{ sid: created.sid, validity_period: 300 }])
})

t.test('a messaging service accepts the message before it picks the number', async (t) => {
  const carrier = await openCarrier(t)
  const client = clientOf(carrier)
  const created = await client.messages.create({ to, messagingServiceSid: 'MG0123', body })
  t.match(created, { status: 'accepted', from: null, messagingServiceSid: 'MG0123' })
  t.match(await client.messages(created.sid).fetch(), { status: 'delivered', from: carrier.sender })
  t.match(await client.messages.create({ to, from, messagingServiceSid: 'MG0123', body }), { status: 'accepted', from })
})

t.test('the twilio client lists messages page by page, newest first', async (t) => {
  const carrier = await openCarrier(t)
  const client = clientOf(carrier)
  for (const text of ['one', 'two', 'three', 'four', 'five']) await client.messages.create({ to, from, body: text })
  const texts = (messages: Array<{ body: string }>) => messages.map((message) => message.body)
  t.same(texts(await client.messages.list({ pageSize: 2 })), ['five', 'four', 'three', 'two', 'one'])
  t.same(texts(await client.messages.list({ pageSize: 2, limit: 3 })), ['five', 'four', 'three'])
  const second = await (await client.messages.page({ pageSize: 2 })).nextPage()
  t.same(texts(second?.instances ?? []), ['three', 'two'])
  t.same(texts((await second?.previousPage())?.instances ?? []), ['five', 'four'])
})

t.test('lists are filtered by recipient and sender', async (t) => {
  const client = clientOf(await openCarrier(t))
  const first = await client.messages.create({ to, from, body })
  const second = await client.messages.create({ to: '+918123456780', from, body })
  const third = await client.messages.create({ to, from: 'Cheershare', body })
  const sids = (messages: Array<{ sid: string }>) => messages.map(({ sid }) => sid)
  t.same(sids(await client.messages.list({ to })), [third.sid, first.sid])
  t.same(sids(await client.messages.list({ from })), [second.sid, first.sid])
  t.same(sids(await client.messages.list({ to, from })), [first.sid])
})

for (const [query, expected] of [
  ['PageSize=2&Page=1', { page: 1, page_size: 2, start: 2, end: 2, next_page_uri: null, previous_page_uri: /PageSize=2&Page=0$/ }],
  ['PageSize=2', {
    page: 0,
    start: 0,
    end: 1,
    next_page_uri: /Messages\.json\?PageSize=2&Page=1$/,
    previous_page_uri: null,
    first_page_uri: /PageSize=2&Page=0$/
  }],
  ['PageSize=5000&To=%2B918123456789', { page_size: 1000, uri: /\/Messages\.json\?To=%2B918123456789&PageSize=1000&Page=0$/ }],
  ['PageSize=0&Page=-1', { page: 0, page_size: 50 }],
  ['PageSize=many&From=%2B15005550007', { page_size: 50, messages: [], start: 0, end: 0 }],
  ['Page=7', { page: 7, start: 350, messages: [] }]
] as const) {
  t.test(`the pagination envelope of ?${query} is Twilio's`, async (t) => {
    const carrier = await openCarrier(t)
    for (const text of ['one', 'two', 'three']) await askCarrier(carrier, { form: { To: to, From: from, Body: text } })
    t.match(await askCarrier(carrier, { path: `/Messages.json?${query}` }), { status: 200, body: expected })
  })
}

t.test('the URL of an IPv6 address has brackets, and the client reaches it', async (t) => {
  const carrier = await openCarrier(t, { host: '::1' })
  t.match(carrier.url, /^http:\/\/\[::1\]:\d+$/)
  t.match(await clientOf(carrier).messages.create({ to, from, body }), { status: 'queued' })
})
