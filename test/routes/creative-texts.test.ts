import t from 'tap'
import { creativeForm, formOf, formType, type Part } from '../support/forms.ts'
import { build, signUp } from '../support/helper.ts'

const app = await build(t)
const { authorization } = await signUp(app)

async function upload (texts: Part[]) {
  const response = await app.inject({
    method: 'POST',
    url: '/upload-creative',
    headers: { authorization, 'content-type': formType },
    payload: formOf([...texts, ...creativeForm()])
  })
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
}

t.test('a caption keeps its line breaks through the form, the JSON and the feed', async (t) => {
  const { body } = await upload([{ name: 'title', value: 'Holi' }, {
    name: 'alt_text', value: 'Two people\r\nthrow \u2067צבע\u2069 ❤️\r\n'
  }])
  t.match(body, { creative: { title: 'Holi', alt_text: 'Two people\nthrow \u2067צבע\u2069 ❤️' } })
  const { id } = body['creative'] as { id: number }
  const change = await app.inject({
    method: 'PATCH', url: `/creatives/${id}`, headers: { authorization }, payload: { version: 1, alt_text: 'One\rtwo' }
  })
  t.match(change.json(), { creative: { alt_text: 'One\ntwo' } })
  const feed = await app.inject({ method: 'POST', url: '/me/calendar-feed', headers: { authorization } })
  const { pathname, search } = new URL(feed.json<{ url: string }>().url)
  t.match((await app.inject({ url: `${pathname}${search}` })).body, 'DESCRIPTION:One\\ntwo\r\n')
})

t.test('a text that is not safe to display is refused with a sentence', async (t) => {
  t.match(await upload([{ name: 'title', value: 'One\nTwo' }]), {
    status: 400, body: { error: /field "title" may have up to 100 characters, without control characters, line breaks/ }
  })
  t.match(await upload([{ name: 'alt_text', value: 'a\u2067b' }]), {
    status: 400, body: { error: /field "alt_text" .*other than line breaks.*not closed/ }
  })
})

t.test('a text in another encoding is refused unless its part states the charset', async (t) => {
  const latin = Buffer.from('Café', 'latin1')
  const error = 'field "title" is not valid UTF-8. Send the form in UTF-8, or state the charset of the part'
  const refusal = { status: 400, body: { code: 'CHR_VALIDATION', error } }
  t.match(await upload([{ name: 'title', value: latin }]), refusal)
  t.match(await upload([{ name: 'title', value: latin, type: 'text/plain' }]), refusal)
  t.match(await upload([{ name: 'title', value: Buffer.from([0xc3]) }]), refusal, 'half of a character')
  t.match(await upload([{ name: 'title', value: Buffer.from([0xed, 0xa0, 0x80]) }]), refusal, 'a surrogate')
  for (const charset of ['ISO-8859-1', 'latin1', 'windows-1252']) {
    const reply = await upload([{ name: 'title', value: latin, type: `text/plain; charset=${charset}` }])
    t.match(reply, { status: 200, body: { creative: { title: 'Café' } } }, charset)
  }
  t.match(await upload([{ name: 'title', value: 'Café' }]), { status: 200, body: { creative: { title: 'Café' } } })
})
