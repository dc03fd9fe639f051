import t from 'tap'
import { explainForeign } from '../../../../src/domain/creatives/foreign-format.ts'
import { formatNames, sniffImage, sniffLength } from '../../../../src/domain/creatives/image.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

t.test('other common formats are named, and the sentence says what to send', async (t) => {
  const heads: Array<[string, string]> = [
    ['\0\0\0\x18ftypheic', 'HEIC'],
    ['\0\0\0\nftypmif1', 'HEIC'],
    ['\0\0\0\x18ftypheix', 'HEIC'],
    ['\0\0\0\x18ftyphevc', 'HEIC'],
    ['\0\0\0\x10ftypmif1\0\0\0\0avif', 'HEIC'],
    ['\0\0\0\x18ftypmsf1', 'HEIC'],
    ['\0\0\0\x20ftypavis\0\0\0\0avifavis', 'an animated AVIF'],
    ['\xff\n\xfa\x1f', 'JPEG XL'],
    ['\0\0\0\fJXL \r\n\x87\n', 'JPEG XL'],
    ['\0\0\0\fjP  \r\n\x87\n', 'JPEG 2000'],
    ['\xff\x4f\xff\x51\0', 'JPEG 2000'],
    ['\0\0\0\x18ftypcrx \0', 'a raw photo of a camera'],
    ['II*\0\x10\0\0\0CR\x02\0', 'a raw photo of a camera'],
    ['IIRO\x08\0', 'a raw photo of a camera'],
    ['IIU\0\x18', 'a raw photo of a camera'],
    ['FUJIFILMCCD-RAW 0201', 'a raw photo of a camera'],
    ['II*\0\x08\0', 'TIFF'],
    ['MM\0*\0\0', 'TIFF'],
    ['BM6\0', 'BMP'],
    ['8BPS\0\x01', 'a Photoshop document'],
    ['%PDF-1.7', 'PDF'],
    ['<svg xmlns="', 'SVG'],
    ['\n <?xml version="1.0"', 'SVG'],
    ['<SVG>', 'SVG'],
    ['\0\0\0\x18ftypisom', 'a video'],
    ['\0\0\0\x14ftypqt  ', 'a video'],
    ['\0\0\0\x18ftypmp42', 'a video'],
    ['\0\0\0\x08wide\0\0', 'a video'],
    ['\x1aE\xdf\xa3\x9f', 'a video'],
    ['RIFF\x24\0\0\0AVI LIST', 'a video']
  ]
  for (const [head, name] of heads) {
    const sentence = explainForeign(bytes(head))
    t.ok(sentence?.startsWith(`This is ${name}. Send ${formatNames}.`), `${JSON.stringify(head)}: ${sentence}`)
    t.equal(sniffImage(bytes(head)), undefined)
  }
  t.match(explainForeign(bytes('\0\0\0\x18ftypheic')), /On an iPhone, choose Settings > Camera > Formats > Most Compatible/)
  t.match(explainForeign(bytes('\0\0\0\x18ftypcrx ')), /Export it as JPEG\.$/)
  t.match(explainForeign(bytes('BM6\0')), new RegExp(`^This is BMP\\. Send ${formatNames}\\.$`))
})

t.test('other content is not named', async (t) => {
  for (const head of ['', 'text', 'RIFF\x24\0\0\0WAVE', 'II+\0', '<html>', '\0\0\0\0', `${' '.repeat(sniffLength)}<svg`]) {
    t.equal(explainForeign(bytes(head)), undefined, JSON.stringify(head))
  }
})
