import t from 'tap'
import { readExif, writeExif } from '../../../../../src/domain/creatives/images/exif.ts'
import { gpsEntry, makerEntry, orientationEntry, tiff } from '../../../../fixtures/image-parts.ts'

const nothing = { orientation: undefined, hasGps: false, hasThumbnail: false, isMinimal: false }

t.test('an orientation is read in both byte orders, as one short number', async (t) => {
  for (const order of ['II', 'MM'] as const) {
    for (const [type, orientation] of [[3, 6], [4, undefined]] as const) {
      const exif = readExif(tiff({ order, entries: [makerEntry, orientationEntry(6, type)] }))
      t.same(exif, { ...nothing, orientation }, `${order} ${type}`)
    }
    t.same(readExif(tiff({ order, entries: [[0x0112, 3, 2, 6]] })), nothing, `${order}, two numbers`)
  }
})

t.test('the position and the thumbnail of a photo are detected', async (t) => {
  t.same(readExif(tiff({ entries: [orientationEntry(3), gpsEntry] })), { ...nothing, orientation: 3, hasGps: true })
  t.same(readExif(tiff({ entries: [makerEntry], nextDirectory: 26 })), { ...nothing, hasThumbnail: true })
})

t.test('the written Exif has the orientation and nothing else', async (t) => {
  for (const orientation of [2, 3, 4, 5, 6, 7, 8] as const) {
    t.same(readExif(writeExif(orientation)), { ...nothing, orientation, isMinimal: true })
    t.same(readExif(tiff({ order: 'MM', entries: [orientationEntry(orientation)] })), { ...nothing, orientation, isMinimal: true })
  }
  t.equal(readExif(writeExif(1)).isMinimal, false, 'an upright image needs no Exif')
  t.equal(readExif(Buffer.concat([writeExif(6), Buffer.from('hidden')])).isMinimal, false)
})

t.test('invalid values are no orientation', async (t) => {
  for (const value of [0, 9, 65535]) t.same(readExif(tiff({ entries: [orientationEntry(value)] })), nothing)
  t.same(readExif(tiff({ entries: [orientationEntry(6, 2)] })), nothing, 'an orientation of type text is ignored')
  t.same(readExif(tiff({
    entries: [orientationEntry(6), orientationEntry(3)]
  })), { ...nothing, orientation: 6 }, 'the first of two orientations counts')
})

t.test('offsets and counts that point outside of the block are not followed', async (t) => {
  const far = tiff({ entries: [orientationEntry(6)] })
  far.writeUInt32LE(0xffffffff, 4)
  const many = tiff({ entries: [orientationEntry(6)], nextDirectory: 9 })
  many.writeUInt16LE(0xffff, 8)
  t.same(readExif(far), nothing)
  t.same(readExif(many), { ...nothing, orientation: 6 })
  t.same(readExif(Buffer.from('II*\0\x08')), nothing)
  t.same(readExif(Buffer.from('not a TIFF header')), nothing)
  for (let length = 0; length < 26; length++) t.doesNotThrow(() => readExif(writeExif(6).subarray(0, length)))
})
