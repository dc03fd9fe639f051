import fc from 'fast-check'
import t from 'tap'
import { toFileName } from '../../../src/http/image-file-name.ts'

const nameOf = (title: string | null, contentType = 'image/png') => toFileName(title, { fallback: 'creative-7', contentType })

t.test('an image is named by its title, or by its id when no character of the title is safe', async (t) => {
  const rows: Array<[string | null, string, string]> = [
    ['Diwali', 'Diwali.png', 'Diwali.png'], [null, 'creative-7.png', 'creative-7.png'],
    ['', 'creative-7.png', 'creative-7.png'], ['...', 'creative-7.png', 'creative-7.png'],
    ['Café', 'Café.png', 'creative-7.png'], ['दिवाली', 'दिवाली.png', 'creative-7.png'],
    ['..\\..\\evil.exe', 'evil.exe.png', 'evil.exe.png'],
    ['a/b:c*d?e"f<g>h|i%j', 'a b c d e f g h i j.png', 'a b c d e f g h i j.png'],
    ['a\r\nb\0c\u202ed\u2028e\ud800', 'a b c d e.png', 'a b c d e.png'], ['  a   b  ', 'a b.png', 'a b.png']
  ]
  for (const [title, name, asciiName] of rows) t.same(nameOf(title), { name, asciiName })
  t.equal(nameOf('a', 'image/webp').name, 'a.webp')
})

t.test('every title gives a name that is safe in file systems and headers', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (title) => {
    const { name, asciiName } = nameOf(title)
    return /^[^/\\\p{Cc}]+\.png$/u.test(name) && !/^[. ]/.test(name) && name.isWellFormed() && /^[ -~]+\.png$/.test(asciiName)
  }))
  t.pass('the property holds for every title')
})
