import t from 'tap'
import { readRetryAfter } from '../../../../src/domain/sms/backoff.ts'

const now = Date.UTC(2026, 10, 21, 9, 30)

const rows: Array<[string | undefined, number | undefined]> = [
  [undefined, undefined],
  ['0', 0], ['1', 1000], ['30', 30_000], ['600', 600_000],
  ['601', 600_000], ['99999999999999999999', 600_000],
  ['Sat, 21 Nov 2026 09:30:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 09:29:00 GMT', 0],
  ['Sat, 21 Nov 2027 09:30:00 GMT', 600_000],
  ['', undefined], ['soon', undefined], ['-1x', undefined], ['1e400 seconds', undefined]
]

for (const [header, expected] of rows) {
  t.test(`Retry-After ${JSON.stringify(header)}: ${expected === undefined ? 'says nothing' : `${expected} ms`}`, async (t) => {
    t.equal(readRetryAfter(header, now), expected)
  })
}
