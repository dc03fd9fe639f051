import { Type } from '@sinclair/typebox'
import { Timestamp } from './common.ts'
import { CreativeReply, TimeZone } from './creatives.ts'

const closed = { additionalProperties: false }
const nullable = <Text extends ReturnType<typeof Type.String>>(text: Text) => Type.Union([text, Type.Null()])

const CalendarDate = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
const Cursor = Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: '`next_cursor` of the page before; with it, the other parameters stay as they were' }))
const NextCursor = Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on the last one' })

export const ScheduleQuery = Type.Object({
  tz: Type.Optional(TimeZone),
  owner: Type.Optional(Type.Literal('me', { description: 'Only the caller\'s own' })),
  limit: Type.Integer({ default: 100, minimum: 1, maximum: 500, description: 'At most so many of each day' }),
  cursor: Cursor
}, closed)

export const ScheduledReply = Type.Object({
  scheduled_creatives: Type.Object({ today: Type.Array(CreativeReply), tomorrow: Type.Array(CreativeReply) }),
  dates: Type.Object({
    today: Type.String({ description: 'YYYY-MM-DD; the pages of one cursor keep it, also past midnight', examples: ['2026-11-21'] }),
    tomorrow: Type.String({ examples: ['2026-11-22'] }),
    time_zone: Type.String({ description: 'Whose days they are: of `tz`, else the user\'s, else the service\'s', examples: ['Asia/Kolkata'] })
  }),
  next_cursor: NextCursor
}, { title: 'Scheduled creatives' })

export const OwnQuery = Type.Object({
  from: Type.Optional(CalendarDate('First date, YYYY-MM-DD, inclusive')),
  to: Type.Optional(CalendarDate('Last date, YYYY-MM-DD, inclusive; not before `from`')),
  drafts: Type.Optional(Type.Union([Type.Literal('include'), Type.Literal('exclude'), Type.Literal('only')], {
    description: 'Whether creatives without a date are listed. When absent: `exclude` with `from` or `to`, else `include`'
  })),
  limit: Type.Integer({ default: 100, minimum: 1, maximum: 500, description: 'At most so many on a page' }),
  cursor: Cursor
}, closed)

export const OwnReply = Type.Object({ creatives: Type.Array(CreativeReply), next_cursor: NextCursor }, {
  title: 'Own creatives'
})

export const CreativeAnswer = Type.Object({ creative: CreativeReply }, { title: 'One creative' })

export const CreativePatch = Type.Object({
  scheduled_at: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 32, description: 'YYYY-MM-DD, today or later where it changes; null makes it a draft' }))),
  tz: Type.Optional(TimeZone),
  title: Type.Optional(nullable(Type.String({ maxLength: 400, description: 'At most 100 characters' }))),
  alt_text: Type.Optional(nullable(Type.String({ maxLength: 2000, description: 'At most 500 characters' }))),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; needed unless If-Match has it' }))
}, { ...closed, examples: [{ title: 'Diwali', alt_text: 'A row of oil lamps', version: 1 }] })

export const PatchHeaders = Type.Object({ 'if-match': Type.Optional(Type.String({ description: 'The ETag that you have seen' })) })

export const ImageQuery = Type.Object({
  variant: Type.Union([Type.Literal('original'), Type.Literal('preview'), Type.Literal('thumbnail')], { default: 'original', description: '`preview` and `thumbnail` are WebP' }),
  expires: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Unix seconds' })),
  signature: Type.Optional(Type.String({ maxLength: 64, description: 'Of the address as it was given out' }))
}, closed)

export const ImageHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: '304 where you have it already' })),
  range: Type.Optional(Type.String({ description: 'One range of bytes, such as bytes=0-1023; several answer with the whole' })),
  'if-range': Type.Optional(Type.String({ description: 'The part only where the ETag is still this, else the whole' }))
})

/** Calendar programs add parameters of their own, so others pass. A wrong key is not told from none. */
export const FeedQuery = Type.Object({ key: Type.Optional(Type.String({ description: 'From the address of the feed' })) })

export const FeedAddress = Type.Object({ url: Type.String({ description: 'Secret: whoever has it reads the calendar until it is revoked. It is told this once' }) }, { title: 'Calendar feed address' })

export const FeedState = Type.Object({
  calendar_feed: Type.Union([Type.Object({ created_at: Timestamp }), Type.Null()], { description: 'null where there is none' })
}, { title: 'Calendar feed state' })
