import t from 'tap'
import { isExpected, isKnown, versionTag } from '../../../../src/domain/http/http-conditions.ts'

const tag = '"a,b"'

t.test('If-None-Match: a state is known by any tag of a list, weak ones too', async (t) => {
  for (const header of [tag, `W/${tag}`, '*', ' * ', `"x", ${tag}`, `"x",W/${tag},"y"`]) t.ok(isKnown(header, tag), header)
  for (const header of [undefined, '', 'a,b', '"a"', '"b"', '"a,b', '"A,B"', '"x" "y"', '**']) t.notOk(isKnown(header, tag), String(header))
  t.ok(isKnown(tag, `W/${tag}`))
})

t.test('If-Match: weak tags never match', async (t) => {
  for (const header of [tag, '*', `"x", ${tag}`]) t.ok(isExpected(header, tag), header)
  for (const header of ['', `W/${tag}`, '"a"', 'a,b', `"x", W/${tag}`]) t.notOk(isExpected(header, tag), header)
})

t.test('a version is a strong tag', async (t) => {
  t.equal(versionTag({ version: 3 }), '"3"')
})
