import { Type } from '@sinclair/typebox'
import { Timestamp } from './common.ts'

export const CreativeReply = Type.Object({
  id: Type.Integer(),
  creative_url: Type.String({ description: 'Signed address of the image; it ends within two hours' }),
  scheduled_at: Type.Union([Type.String(), Type.Null()], { description: 'YYYY-MM-DD; null for a draft', examples: ['2026-11-21'] }),
  created_at: Timestamp,
  content_type: Type.String({ examples: ['image/png'] }),
  byte_count: Type.Integer()
})

export const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone whose day "today" is', examples: ['UTC'] })

/** For the documentation: the multipart reader checks the parts as they arrive. */
export const UploadForm = Type.Object({
  file: Type.Unsafe<unknown>({ type: 'string', format: 'binary', description: 'JPEG, PNG or GIF, at most 10 MiB' }),
  scheduled_at: Type.String({ format: 'date', description: 'YYYY-MM-DD, today or later' }),
  tz: Type.Optional(TimeZone)
})

export const ScheduleQuery = Type.Object({
  tz: Type.Optional(TimeZone),
  owner: Type.Optional(Type.Literal('me', { description: 'Only the caller\'s own' })),
  limit: Type.Integer({ default: 100, minimum: 1, maximum: 500, description: 'At most so many of each day' })
}, { additionalProperties: false })

export const ScheduledReply = Type.Object({
  scheduled_creatives: Type.Object({ today: Type.Array(CreativeReply), tomorrow: Type.Array(CreativeReply) })
}, { title: 'Scheduled creatives, newest first' })

export const ImageParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
export const ImageQuery = Type.Object({
  expires: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Unix seconds' })),
  signature: Type.Optional(Type.String({ maxLength: 64 }))
}, { additionalProperties: false })
