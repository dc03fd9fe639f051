import t from 'tap'
import { dominantColor } from '../../../../../src/domain/creatives/images/dominant-color.ts'

const pixels = (...colours: number[][]) => Buffer.from(colours.flat())
const red = [255, 0, 0, 255]

t.test('the result is the most frequent colour and not the mean', async (t) => {
  t.equal(dominantColor(pixels(red, red, [0, 0, 255, 255])), '#ff0000')
  t.equal(dominantColor(pixels([0, 0, 255, 255], red, red)), '#ff0000')
})

t.test('shades of one colour count together', async (t) => {
  t.equal(dominantColor(pixels([16, 32, 48, 255], [18, 34, 50, 255], red)), '#112131')
})

t.test('transparent pixels do not count', async (t) => {
  t.equal(dominantColor(pixels([0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 127], [1, 2, 3, 128])), '#010203')
  t.equal(dominantColor(pixels([0, 0, 0, 0])), '#ffffff')
})
