import t from 'tap'
import { BodyArrival, slowBodyLimits } from '../../../src/http/body-arrival.ts'

const { bytesPerSecond, silenceSeconds, windowSeconds, totalSeconds } = slowBodyLimits

/** Returns the second in which a body is cut whose bytes arrive so; `undefined` if none of these seconds is. */
function findCut (seconds: number, bytesIn: (second: number) => number, isUnread: (second: number) => boolean = () => false): number | undefined {
  const start = 700
  const arrival = new BodyArrival(start)
  let received = start
  for (let second = 1; second <= seconds; second++) {
    received += bytesIn(second)
    if (arrival.isTooSlow(received, isUnread(second))) return second
  }
  return undefined
}

/** Bytes of a window that lacks one byte for the floor, in its last second. */
const oneByteShort = (second: number) => second % windowSeconds === 0 ? bytesPerSecond - 1 : bytesPerSecond

for (const [title, cut, bytesIn] of [
  ['the floor exactly', undefined, () => bytesPerSecond],
  ['one byte below the floor, in its first window', windowSeconds, oneByteShort],
  ['one byte below the floor, in its third window', 3 * windowSeconds, (second: number) => second <= 2 * windowSeconds ? 1e6 : oneByteShort(second)],
  ['one byte a second', windowSeconds, () => 1],
  ['nothing', silenceSeconds, () => 0],
  ['a silence one second shorter than the limit, again and again', undefined, (second: number) => second % silenceSeconds === 0 ? 1e5 : 0],
  ['a silence after a fast beginning', 10 + silenceSeconds, (second: number) => second <= 10 ? 1e6 : 0],
  ['the bytes of a window in its last second', undefined, (second: number) => second % windowSeconds === 0 ? windowSeconds * bytesPerSecond : second % 20 === 0 ? 1 : 0]
] as const) {
  t.test(`a body that arrives with ${title} is ${cut === undefined ? 'not cut' : `cut after ${cut} s`}`, async (t) => {
    t.equal(findCut(10 * windowSeconds, bytesIn), cut)
  })
}

t.test('seconds in which received bytes wait for the service do not count as slow', async (t) => {
  t.equal(findCut(10 * windowSeconds, () => 0, () => true), undefined)
  t.equal(findCut(10 * windowSeconds, () => 0, (second) => second <= 100), 100 + silenceSeconds)
  t.equal(findCut(10 * windowSeconds, () => 1, (second) => second <= 100), 100 + windowSeconds)
})

t.test('no body takes longer than the total time', async (t) => {
  t.equal(findCut(totalSeconds + 10, () => 1e6), totalSeconds)
  t.equal(findCut(totalSeconds + 10, () => 0, () => true), totalSeconds)
})
