import t from 'tap'
import { createErrorPacer } from '../../../src/process/error-pacer.ts'

t.test('an equal message counts once a minute', async (t) => {
  let now = 0
  const isNews = createErrorPacer(() => now)
  t.equal(isNews(new Error('refused')), true)
  t.equal(isNews(new Error('refused')), false)
  t.equal(isNews(new Error('other')), true, 'another message is not held back')
  now = 59_999
  t.equal(isNews(new Error('refused')), false)
  now = 60_000
  t.equal(isNews(new Error('refused')), true)
})

t.test('messages that all differ do not fill the memory', async (t) => {
  const isNews = createErrorPacer()
  for (let index = 0; index < 100; index++) t.equal(isNews(new Error(`key ${index}`)), true)
  t.equal(isNews(new Error('key 100')), true)
  t.equal(isNews(new Error('key 0')), true, 'the first message was forgotten')
})
