import t from 'tap'
import { cached } from '../../../src/domain/memoize.ts'

t.test('what was made of a text is not made again, until there were too many other texts', async (t) => {
  const made: string[] = []
  const length = cached((text) => made.push(text) && text.length, 2)
  t.same(['a', 'bb', 'a', 'bb'].map(length), [1, 2, 1, 2])
  t.same(made, ['a', 'bb'])
  t.same(['ccc', 'a'].map(length), [3, 1])
  t.same(made, ['a', 'bb', 'ccc', 'a'])
})

t.test('that nothing could be made of a text is kept too', async (t) => {
  let asked = 0
  const none = cached(() => { asked += 1 })
  t.same([none('a'), none('a')], [undefined, undefined])
  t.equal(asked, 1)
})

t.test('what is known already is not made', async (t) => {
  const find = cached<number>(() => { throw new Error('it was asked for') }, 2)
  for (const text of ['a', 'b', 'c']) {
    find.note(text, text.charCodeAt(0))
    t.equal(find(text), text.charCodeAt(0))
  }
})
