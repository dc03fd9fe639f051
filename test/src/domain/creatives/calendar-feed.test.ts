import ICAL from 'ical.js'
import t from 'tap'
import { createFeedKey, writeFeed as writeParts, hashFeedKey, type FeedEntry } from '../../../../src/domain/creatives/calendar-feed.ts'

const writeFeed = (...feed: Parameters<typeof writeParts>) => [...writeParts(...feed)].join('')

const entry: FeedEntry = {
  id: 1,
  title: null,
  alt_text: null,
  scheduled_at: '2026-03-29',
  version: 1,
  created_at: new Date('2026-01-01T00:00:00Z'),
  updated_at: new Date('2026-01-02T00:00:00Z')
}

t.test('a key has 256 random bits, and its hash identifies it', async (t) => {
  const [first, second] = [createFeedKey(), createFeedKey()]
  t.match(first.plaintext, /^[\w-]{43}$/)
  t.not(first.plaintext, second.plaintext)
  t.ok(hashFeedKey(first.plaintext)?.equals(first.hash))
})

t.test('what cannot be a key has no hash', async (t) => {
  const { plaintext } = createFeedKey()
  for (const text of [
    undefined, null, 7, '', [plaintext], plaintext.slice(1), `${plaintext}A`, `${plaintext}\n`, plaintext.replace(/^./, '!')
  ]) t.equal(hashFeedKey(text), undefined)
})

t.test('a feed without entries is a valid calendar', async (t) => {
  const calendar = new ICAL.Component(ICAL.parse(writeFeed([], { host: 'a.example' })))
  t.match([calendar.name, calendar.getFirstPropertyValue('version'), calendar.getFirstPropertyValue('prodid')], [
    'vcalendar', '2.0', '-//Cheershare//Calendar//EN'
  ])
})

t.test('each date is an all-day event, also on days when the clocks change', async (t) => {
  for (const [date, next] of [
    ['2026-03-29', '2026-03-30'], ['2026-10-25', '2026-10-26'], ['2026-12-31', '2027-01-01'], ['2028-02-28', '2028-02-29']
  ] as const) {
    const text = writeFeed([{ ...entry, scheduled_at: date }], { host: 'a.example' })
    t.match(text, `DTSTART;VALUE=DATE:${date.replaceAll('-', '')}\r\n`)
    t.match(text, `DTEND;VALUE=DATE:${next.replaceAll('-', '')}\r\n`)
    t.match(text, 'DTSTAMP:20260102T000000Z\r\n')
  }
})

t.test('the last possible date is an all-day event too', async (t) => {
  const text = writeFeed([{ ...entry, scheduled_at: '9999-12-31' }], { host: 'a.example' })
  t.match(text, 'DTSTART;VALUE=DATE:99991231\r\n')
  t.notMatch(text, 'DTEND')
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent') ?? undefined)
  t.equal(event.duration.toSeconds(), 86_400)
})

t.test('events do not make a person busy, and calendar programs refresh the feed each hour', async (t) => {
  const calendar = new ICAL.Component(ICAL.parse(writeFeed([entry], { host: 'a.example' })))
  t.equal(String(calendar.getFirstPropertyValue('refresh-interval')), 'PT1H')
  t.equal(calendar.getFirstPropertyValue('x-published-ttl'), 'PT1H')
  t.equal(calendar.getFirstProperty('comment'), null)
  const event = calendar.getFirstSubcomponent('vevent')
  t.equal(event?.getFirstPropertyValue('transp'), 'TRANSPARENT')
  t.equal(event?.getFirstPropertyValue('x-microsoft-cdo-busystatus'), 'FREE')
})

t.test('a comment names the omitted dates', async (t) => {
  for (const [omitted, dates] of [
    [{ until: '2029-12-01' }, 'until 2029-12-01'],
    [{ from: '2031-01-01' }, 'from 2031-01-01 on'],
    [{ until: '2029-12-01', from: '2031-01-01' }, 'until 2029-12-01 and from 2031-01-01 on']
  ] as const) {
    const text = writeFeed([entry], { host: 'a.example', omitted })
    const calendar = new ICAL.Component(ICAL.parse(text))
    t.equal(
      calendar.getFirstPropertyValue('comment'), `Creatives are omitted ${dates}, because a feed has a maximum of events.`
    )
    t.equal(calendar.getAllSubcomponents('vevent').length, 1)
    t.same(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75), [], 'long lines are folded')
  }
})

t.test('texts with line breaks, isolates and emoji sequences are escaped and read back unchanged', async (t) => {
  const title = 'Diwali \u2067דיוואלי\u2069; a, b\\n \u{1f468}\u200d\u{1f469}\u200d\u{1f467}'
  const alt = 'First line\n\nBEGIN:VEVENT\nSUMMARY:another event; with, commas\\n\nEND:VEVENT \u2066abc\u2069'
  const text = writeFeed([{ ...entry, title, alt_text: alt }], { host: 'a.example' })
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  t.equal(events.length, 1)
  t.equal(events[0]?.getFirstPropertyValue('summary'), title)
  t.equal(events[0]?.getFirstPropertyValue('description'), alt)
  t.notMatch(text, /[^\r]\n/, 'each line ends with CR LF')
})
