import t from 'tap'
import { parseStorageUrl } from '../../../src/config/storage-url.ts'

const defaults = { kind: 's3', bucket: 'bucket', prefix: '', region: 'us-east-1', endpoint: undefined, isPathStyle: false }

t.test('a storage URL is parsed to a folder or a bucket', async (t) => {
  const locations = {
    'file:/srv/uploads': { kind: 'file', folder: '/srv/uploads' },
    'file:///srv/with%20a%20space': { kind: 'file', folder: '/srv/with a space' },
    's3://bucket': defaults,
    's3://bucket/': defaults,
    's3://bucket/images': { ...defaults, prefix: 'images/' },
    's3://bucket/a/b.c/?region=eu-west-1': { ...defaults, prefix: 'a/b.c/', region: 'eu-west-1' },
    's3://bucket/a/../images': { ...defaults, prefix: 'images/' },
    's3://bucket?endpoint=http://127.0.0.1:9000': { ...defaults, endpoint: 'http://127.0.0.1:9000', isPathStyle: true },
    's3://bucket?endpoint=http%3A%2F%2F127.0.0.1&path_style=off': { ...defaults, endpoint: 'http://127.0.0.1' },
    's3://bucket?path_style=on': { ...defaults, isPathStyle: true }
  }
  for (const [url, location] of Object.entries(locations)) t.strictSame(parseStorageUrl(url), location, url)
})
