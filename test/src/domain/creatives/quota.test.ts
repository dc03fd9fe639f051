import t from 'tap'
import { quotaDay, formatBytes, secondsLeftOfDay } from '../../../../src/domain/creatives/quota.ts'

t.test('a day of the quota is a UTC day, and at least a second of it is left', async (t) => {
  const rows: Array<[moment: string, day: string, left: number]> = [
    ['2030-01-10T00:00:00.000Z', '2030-01-10', 86_400],
    ['2030-01-10T00:00:00.001Z', '2030-01-10', 86_400],
    ['2030-01-10T23:59:59.999Z', '2030-01-10', 1],
    ['2030-01-11T04:30:00.000+05:30', '2030-01-10', 3600]
  ]
  for (const [moment, day, left] of rows) t.same([quotaDay(Date.parse(moment)), secondsLeftOfDay(Date.parse(moment))], [day, left], moment)
})

t.test('byte counts are formatted in a readable unit', async (t) => {
  const rows: Array<[byteCount: number, text: string]> = [
    [0, '0 B'], [1023, '1023 B'], [1024, '1 KiB'], [1_572_864, '1.5 MiB'], [10_485_760, '10 MiB'], [1_073_741_824, '1 GiB'],
    [5 * 1024 ** 5, '5120 TiB']
  ]
  for (const [byteCount, text] of rows) t.equal(formatBytes(byteCount), text)
})
