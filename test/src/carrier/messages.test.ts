import t from 'tap'
import { createMessageLog } from '../../../src/carrier/messages.ts'

const message = (body: string) => ({ to: '+918123456789', from: '+15005550006', body })

t.test('a message is stored with a unique id and its time', async (t) => {
  const log = createMessageLog(() => Date.UTC(2026, 10, 21, 9, 30))
  const [first, second] = [log.add(message('one')), log.add(message('one'))]
  t.match(first.sid, /^SM[0-9a-f]{32}$/)
  t.not(first.sid, second.sid)
  t.same(first, { ...message('one'), sid: first.sid, status: 'delivered', received_at: '2026-11-21T09:30:00.000Z' })
  t.equal(log.find(first.sid)?.sid, first.sid)
  t.equal(log.find('SM0'), undefined)
})

t.test('messages are listed newest first, all or for one number', async (t) => {
  const log = createMessageLog(Date.now)
  log.add(message('one'))
  log.add({ ...message('two'), to: '+918123456780' })
  log.add(message('three'))
  t.same(log.list().map(({ body }) => body), ['three', 'two', 'one'])
  t.same(log.list({ to: '+918123456789' }).map(({ body }) => body), ['three', 'one'])
  t.same(log.list({ to: '+918123456781' }), [])
})

t.test('only the newest thousand messages are retained', async (t) => {
  const log = createMessageLog(Date.now)
  const oldest = log.add(message('0'))
  for (let count = 1; count <= 1000; count++) log.add(message(String(count)))
  const retained = log.list()
  t.equal(retained.length, 1000)
  t.equal(retained[0]?.body, '1000')
  t.equal(retained.at(-1)?.body, '1')
  t.equal(log.find(oldest.sid), undefined)
})
