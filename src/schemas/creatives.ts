import { Type } from '@sinclair/typebox'
import { Failure, Timestamp } from './common.ts'

const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

export const CreativeReply = Type.Object({
  id: Type.Integer(),
  creative_url: Type.String({ description: 'Signed address of the image; it ends within two hours' }),
  scheduled_at: Type.Union([Type.String(), Type.Null()], { description: 'YYYY-MM-DD; null for a draft', examples: ['2026-11-21'] }),
  title: nullable('At most 100 characters'),
  alt_text: nullable('What the image shows, for those who do not see it; at most 500 characters'),
  version: Type.Integer({ description: 'Counts changes' }),
  created_at: Timestamp,
  updated_at: Timestamp,
  content_type: Type.String({ description: '`image/jpeg`, `image/png` or `image/gif`', examples: ['image/png'] }),
  byte_count: Type.Integer({ description: 'Of the image as it is stored' }),
  width: Type.Integer({ description: 'Pixels, as it is shown' }),
  height: Type.Integer({ description: 'Pixels, as it is shown' }),
  frame_count: Type.Integer({ description: 'Above 1 for an animation' }),
  dominant_color: Type.String({ description: 'Something to show before the image is there', examples: ['#3366cc'] }),
  thumb_hash: Type.String({ description: 'ThumbHash in base64: something to show before the image is there' }),
  removed: Type.Array(Type.String(), { description: 'What was taken out of the upload, by kind', examples: [['exif', 'gps']] }),
  preview_url: Type.String({ description: 'Signed address of a WebP of at most 1280 pixels a side' }),
  thumbnail_url: Type.String({ description: 'Signed address of a WebP of at most 320 pixels a side' })
}, { title: 'Creative' })

/** The answer to an upload. */
export const UploadedReply = Type.Object({
  creative: Type.Object({
    ...CreativeReply.properties,
    duplicate_of: Type.Union([Type.Integer(), Type.Null()], { description: 'The oldest other creative of yours that came from the same file' })
  }, { title: 'Uploaded creative' })
}, { title: 'Upload taken' })

export const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone whose day "today" is', examples: ['UTC'] })

const UploadedFile = Type.Unsafe<unknown>({ type: 'string', format: 'binary', description: 'JPEG, PNG or GIF, at most 10 MiB' })

/** For the documentation: the multipart reader checks the parts as they arrive. */
export const UploadForm = Type.Object({
  file: UploadedFile,
  scheduled_at: Type.Optional(Type.String({ format: 'date', description: 'YYYY-MM-DD, today or later; without it, it is a draft' })),
  tz: Type.Optional(TimeZone),
  title: Type.Optional(Type.String({ description: 'At most 100 characters', examples: ['Diwali'] })),
  alt_text: Type.Optional(Type.String({ description: 'What the image shows; at most 500 characters', examples: ['A row of oil lamps'] }))
})

export const UploadHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ description: '1 to 255 visible ASCII characters, kept for 24 hours' }))
})

export const ReplacementForm = Type.Object({
  file: UploadedFile,
  version: Type.Optional(Type.Integer({ description: 'The version that you have seen' }))
})

export const ReplacementHeaders = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The version that you have seen, as an entity tag such as "1"' }))
})

/** 409, 412: somebody changed it meanwhile. */
export const CreativeConflict = Type.Object({ ...Failure.properties, current: Type.Optional(CreativeReply) }, { title: 'Creative conflict', description: 'Somebody changed it meanwhile: the current state' })

/** Of the routes of one creative. */
export const ImageParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
