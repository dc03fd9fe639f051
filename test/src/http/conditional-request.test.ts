import t from 'tap'
import { matchesIfMatch, matchesIfNoneMatch, toVersionTag } from '../../../src/http/conditional-request.ts'

const tag = '"a,b"'

t.test('If-None-Match matches any tag of a list, weak ones included', async (t) => {
  for (const header of [tag, `W/${tag}`, '*', ' * ', `"x", ${tag}`, `"x",W/${tag},"y"`]) t.ok(matchesIfNoneMatch(header, tag), header)
  for (const header of [
    undefined, '', 'a,b', '"a"', '"b"', '"a,b', '"A,B"', '"x" "y"', '**'
  ]) t.notOk(matchesIfNoneMatch(header, tag), String(header))
  t.ok(matchesIfNoneMatch(tag, `W/${tag}`))
})

t.test('If-Match does not match weak tags', async (t) => {
  for (const header of [tag, '*', `"x", ${tag}`]) t.ok(matchesIfMatch(header, tag), header)
  for (const header of ['', `W/${tag}`, '"a"', 'a,b', `"x", W/${tag}`]) t.notOk(matchesIfMatch(header, tag), header)
})

t.test('a version gives a strong tag', async (t) => {
  t.equal(toVersionTag({ version: 3 }), '"3"')
})
