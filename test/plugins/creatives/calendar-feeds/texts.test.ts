import t from 'tap'
import { createFeedTexts } from '../../../../plugins/creatives/calendar-feeds/texts.ts'

t.test('a text is written once, also for requests at the same time', async (t) => {
  const texts = createFeedTexts()
  let written = 0
  const get = async () => await texts.get('one', async () => [`text ${++written}`])
  t.same(await Promise.all([get(), get()]), ['text 1', 'text 1'])
  t.equal(await get(), 'text 1')
  t.equal(await texts.get('other', async () => ['a', 'b', 'c']), 'abc')
})

t.test('a failure is not kept', async (t) => {
  const texts = createFeedTexts()
  await t.rejects(texts.get('one', async () => { throw new Error('the database is down') }), { message: 'the database is down' })
  t.equal(await texts.get('one', async () => ['text']), 'text')
})

t.test('other work runs while a long text is written', async (t) => {
  const texts = createFeedTexts()
  let turns = 0
  let isWritten = false
  const count = () => {
    turns += 1
    if (!isWritten) setImmediate(count)
  }
  setImmediate(count)
  const text = await texts.get('long', async () => Array.from({ length: 2000 }, () => 'x'))
  isWritten = true
  t.equal(text.length, 2000)
  t.ok(turns >= 2000 / 25, `${turns} turns of the event loop`)
})

t.test('the memory is bounded: the oldest texts are dropped', async (t) => {
  const texts = createFeedTexts()
  let written = 0
  const get = async (etag: string) => await texts.get(etag, async () => {
    written += 1
    return ['x'.repeat(6 * 1024 * 1024)]
  })
  for (const etag of ['one', 'two', 'three', 'three', 'two']) await get(etag)
  t.equal(written, 3)
  await get('one')
  t.equal(written, 4, 'the first was dropped for the third')
  await texts.get('huge', async () => ['x'.repeat(20 * 1024 * 1024)])
  await get('one')
  t.equal(written, 5, 'a text that is larger than the cache leaves nothing in it')
})
