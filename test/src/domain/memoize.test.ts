import t from 'tap'
import { memoize } from '../../../src/domain/memoize.ts'

t.test('a result is computed once, until there are too many others', async (t) => {
  const computed: string[] = []
  const length = memoize((text) => computed.push(text) && text.length, 2)
  t.same(['a', 'bb', 'a', 'bb'].map(length), [1, 2, 1, 2])
  t.same(computed, ['a', 'bb'])
  t.same(['ccc', 'a'].map(length), [3, 1])
  t.same(computed, ['a', 'bb', 'ccc', 'a'])
})

t.test('the result undefined is memoized too', async (t) => {
  let calls = 0
  const find = memoize(() => { calls += 1 })
  t.same([find('a'), find('a')], [undefined, undefined])
  t.equal(calls, 1)
})

t.test('a primed value is not computed', async (t) => {
  const find = memoize<number>(() => { throw new Error('computed') }, 2)
  for (const text of ['a', 'b', 'c']) {
    find.prime(text, text.charCodeAt(0))
    t.equal(find(text), text.charCodeAt(0))
  }
})
