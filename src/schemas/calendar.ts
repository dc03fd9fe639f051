import { Type } from '@sinclair/typebox'
import { CalendarDate, closed, Cursor, NextCursor, nullable, oneOf, PageLimit, Timestamp } from './common.ts'
import { CreativeReply, QueryDate, TodayZone } from './creatives.ts'

export const ScheduleQuery = Type.Object({
  from: Type.Optional(QueryDate('first date of a range, inclusive; with `to`', '2026-11-01')),
  to: Type.Optional(QueryDate('last date of a range, inclusive, at most 92 days with `from`', '2026-11-30')),
  tz: Type.Optional(TodayZone),
  owner: Type.Optional(oneOf(['me'], { description: 'Only your own creatives' })),
  limit: PageLimit('Most creatives of each day, or of a page of a range'),
  cursor: Cursor
}, closed)

export const ScheduledReply = Type.Object({
  scheduled_creatives: Type.Object({ today: Type.Array(CreativeReply), tomorrow: Type.Array(CreativeReply) }),
  dates: Type.Object({
    today: CalendarDate('all pages of one cursor have the same date, even past midnight'),
    tomorrow: CalendarDate('the day after `today`', '2026-11-22'),
    time_zone: Type.String({
      description: 'The time zone of these dates: `tz`, else the user\'s, else the default of the service', examples: ['Asia/Kolkata']
    })
  }),
  next_cursor: NextCursor
}, { title: 'Scheduled creatives' })

export const ScheduledRangeReply = Type.Object({ creatives: Type.Array(CreativeReply), next_cursor: NextCursor }, { title: 'Scheduled range' })

/** Additional parameters are allowed because calendar programs add their own. A wrong key gets the same 404 as a missing one. */
export const FeedQuery = Type.Object({ key: Type.Optional(Type.String({ description: 'Key in the URL of the feed', examples: ['MFRGGZDFMZTWQ2LKNNWG23TPOA'] })) })

export const FeedAddress = Type.Object({
  url: Type.String({
    format: 'uri',
    description: 'Secret: anyone who has this URL can read the calendar until it is revoked. It is shown only once',
    examples: ['https://login.example.com/calendar.ics?key=MFRGGZDFMZTWQ2LKNNWG23TPOA']
  })
}, { title: 'Calendar feed address' })

export const FeedState = Type.Object({
  calendar_feed: nullable(Type.Object({ created_at: Timestamp }), { description: 'null without a feed' })
}, { title: 'Calendar feed state' })
