import t from 'tap'
import { creativeForm, imageForm, nextWeek, replace, upload, type Part } from '../support/forms.ts'
import { images } from '../fixtures/images.ts'
import { build, signUp } from '../support/helper.ts'

/* Forms as real clients send them. Malformed ones are in test/fixtures/bad-uploads.ts. */
const app = await build(t, { env: { QUOTA_CREATIVES_PER_DAY: '0' } })
const session = await signUp(app)
const file: Part = { name: 'file', value: images.png, filename: 'a.png', type: 'image/png' }
const date: Part = { name: 'scheduled_at', value: nextWeek() }

const forms: Array<[title: string, parts: Part[]]> = [
  ...['image/png', 'image/jpeg', 'image/*', 'application/octet-stream'].map((type): [string, Part[]] => [
    `a file of the type ${type} without a file name, as React Native on iOS sends it`, [date, { name: 'file', value: images.png, type }]
  ]),
  ['a file with an empty file name', [date, { ...file, filename: '' }]],
  ['a date labelled as text in UTF-8', [{ ...date, type: 'text/plain; charset=utf-8' }, file]],
  ['a date labelled as binary', [{ ...date, type: 'application/octet-stream' }, file]],
  ['a date as a JSON string', [{ ...date, value: JSON.stringify(nextWeek()), type: 'application/json' }, file]],
  ['a date as a JSON string after the file', [file, { ...date, value: JSON.stringify(nextWeek()), type: 'application/json; charset=utf-8' }]],
  ['the fields of Uppy', [
    { name: 'relativePath', value: 'null' }, { name: 'name', value: 'a.png' }, { name: 'type', value: 'image/png' }, date, file
  ]],
  ['the fields of Uppy after the file', [date, file, { name: 'name', value: 'a.png' }, { name: 'type', value: 'image/png' }]],
  ['the fields of Dropzone', [
    ...['dzuuid', 'dzchunkindex', 'dztotalfilesize', 'dzchunksize', 'dztotalchunkcount', 'dzchunkbyteoffset'].map((name) => ({ name, value: '1' })),
    date, file
  ]],
  ['the metadata of FilePond', [date, { name: 'file', value: '{}' }, file]],
  ['the metadata of FilePond with entries', [date, { name: 'file', value: '{"crop":{"center":{"x":0.5}}}' }, file]],
  ['the metadata of FilePond as JSON', [date, { name: 'file', value: '{}', type: 'application/json' }, file]],
  ['the fields of Fine Uploader', [
    ...['qquuid', 'qqfilename', 'qqtotalfilesize', 'qqpartindex', 'qqtotalparts'].map((name) => ({ name, value: '0' })), date, file
  ]],
  ['the fields of Resumable.js and Flow.js', [
    ...['resumableChunkNumber', 'resumableIdentifier', 'flowChunkSize', 'flowRelativePath'].map((name) => ({ name, value: '1' })), date, file
  ]],
  ['the properties of a File', [
    ...['filename', 'size', 'lastModified', 'lastModifiedDate', 'webkitRelativePath', 'mimeType'].map((name) => ({ name, value: '1' })), date, file
  ]],
  ['the tokens of web frameworks', [
    ...['_method', '_token', '_csrf', 'csrf', 'csrfmiddlewaretoken', 'authenticity_token', '__RequestVerificationToken', 'utf8', 'submit']
      .map((name) => ({ name, value: 'x' })),
    date, file
  ]],
  ['ignored fields twice, empty, and too long', [
    { name: 'name', value: '' }, { name: 'name', value: 'a.png' }, { name: 'metadata', value: 'x'.repeat(5000) }, date, file
  ]],
  ['an ignored field as JSON', [{ name: 'metadata', value: '{"width":1}', type: 'application/json' }, date, file]]
]

for (const [title, parts] of forms) {
  t.test(`an upload with ${title} is accepted`, async (t) => {
    t.match(await upload(app, session, parts), {
      status: 200, body: { creative: { scheduled_at: nextWeek(), content_type: 'image/png', title: null, alt_text: null } }
    })
  })
}

t.test('a replacement ignores the same fields, and reads its version from JSON', async (t) => {
  const { body } = await upload(app, session, creativeForm())
  const { id } = (body as { creative: { id: number } }).creative
  const parts = [{ name: 'version', value: '1', type: 'application/json' }, { name: 'name', value: 'b.jpg' }, ...imageForm()]
  t.match(await replace(app, session, { id, parts }), { status: 200, body: { creative: { id, version: 2 } } })
})

t.test('ignored fields do not change what an Idempotency-Key stands for', async (t) => {
  const keyed = { ...session, headers: { 'idempotency-key': 'one' } }
  const first = await upload(app, keyed, [date, file])
  const second = await upload(app, keyed, [date, file, { name: 'lastModified', value: '1' }])
  t.equal(second.status, 200)
  t.match(second.body, first.body)
})
