import t from 'tap'
import { explainForeign } from '../../../../src/domain/creatives/foreign-format.ts'
import { defaultUploadBytes, sniffImage, sniffLength } from '../../../../src/domain/creatives/image.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

t.test('the accepted formats are recognized by their first bytes', async (t) => {
  const heads: Array<[string, string]> = [
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['\xff\xd8\xff\xe1\0\x10Exif', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['GIF87a\x01\0', 'image/gif'],
    ['GIF89a\x01\0', 'image/gif'],
    ['RIFF\x24\0\0\nWEBPVP8 ', 'image/webp'],
    ['RIFF\n\n\n\nWEBPVP8X', 'image/webp'],
    ['\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf', 'image/avif'],
    ['\0\0\0\x20ftypmif1\0\0\0\0mif1miafMA1Bavif', 'image/avif']
  ]
  for (const [head, type] of heads) {
    t.equal(sniffImage(bytes(head.padEnd(sniffLength, '\0'))), type)
    t.equal(sniffImage(bytes(head.padEnd(10 * sniffLength, '\xff'))), type, 'the bytes after the signature do not matter')
    t.equal(explainForeign(bytes(head)), undefined)
  }
})

t.test('other content has no type', async (t) => {
  const heads = [
    '', '\xff', '\xff\xd8', '\xff\xd8\0', '\x89PNG', '\x89PNG\n\x1a\n', 'PNG', 'GIF', 'GIF88a', 'gif89a', ' GIF89a', '\0\xff\xd8\xff',
    'just text', '<html>', 'MZ\x90', 'PK\x03\x04', '{"a":1}', 'RIFF\x24\0\0\0WAVE', 'RIFF\x24\0\0\0WEB', 'XRIFF\x24\0\0\0WEBP'
  ]
  for (const head of heads) t.equal(sniffImage(bytes(head)), undefined, JSON.stringify(head))
  t.equal(sniffImage(Buffer.from('ÿØÿ')), undefined, 'a signature that was decoded as UTF-8 is not recognized')
})

t.test('the default size limit is exactly 10 MiB', async (t) => {
  t.equal(defaultUploadBytes, 10_485_760)
})
