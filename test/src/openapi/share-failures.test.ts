import t from 'tap'
import { shareFailures } from '../../../src/openapi/share-failures.ts'

const mediaType = { description: 'No.', content: { 'application/json': { examples: { CHR_MEDIA_TYPE: { value: { code: 'CHR_MEDIA_TYPE' } } } } } }
const withHeader = (name: string) => ({ ...mediaType, headers: { [name]: { schema: { type: 'string' } } } })
const [post, patch] = [withHeader('Accept-Post'), withHeader('Accept-Patch')]

t.test('responses of the same codes that differ do not replace each other', async (t) => {
  const { paths, responses } = shareFailures({
    '/a': { post: { responses: { 415: post } }, patch: { responses: { 415: patch } } },
    '/b': { post: { responses: { 415: post } }, patch: { responses: { 415: patch } } }
  })
  const reference = { $ref: '#/components/responses/MediaType' }
  t.same(responses, { MediaType: post })
  t.same(paths['/a'], { post: { responses: { 415: reference } }, patch: { responses: { 415: patch } } })
  t.same(paths['/b'], paths['/a'])
})
