import { Type, type TSchema } from '@sinclair/typebox'
import { formatNames, imageTypes, servedTypes, variants } from '../domain/creatives/image.ts'
import { formatBytes } from '../domain/creatives/quota.ts'
import { mapTextFields, textFieldNames, textFields, type TextFieldName } from '../domain/creatives/text-fields.ts'
import { closed, Failure, nullable, Timestamp, Cursor, NextCursor, PageLimit } from './common.ts'

export const TodayZone = Type.String({
  minLength: 1, maxLength: 64, description: 'IANA time zone that decides which date is today', examples: ['UTC']
})

function describeText (name: TextFieldName): string {
  return `${textFields[name].description}; at most ${textFields[name].maximumLength} characters`
}

export const CreativeReply = Type.Object({
  id: Type.Integer(),
  creative_url: Type.String({ description: 'Signed URL of the image; it expires within two hours' }),
  scheduled_at: nullable(Type.String(), { description: 'YYYY-MM-DD; null for a draft', examples: ['2026-11-21'] }),
  ...mapTextFields((name) => nullable(Type.String(), { description: describeText(name) })),
  version: Type.Integer({ description: 'Incremented by each change' }),
  created_at: Timestamp,
  updated_at: Timestamp,
  content_type: Type.String({ description: `One of ${imageTypes.map((type) => `\`${type}\``).join(', ')}`, examples: ['image/png'] }),
  byte_count: Type.Integer({ description: 'Size of the stored image' }),
  width: Type.Integer({ description: 'Displayed width in pixels' }),
  height: Type.Integer({ description: 'Displayed height in pixels' }),
  frame_count: Type.Integer({ description: 'Above 1 for an animation' }),
  dominant_color: Type.String({ description: 'Placeholder to show while the image loads', examples: ['#3366cc'] }),
  thumb_hash: Type.String({ description: 'Placeholder to show while the image loads: a ThumbHash in base64' }),
  removed: Type.Array(Type.String(), { description: 'Kinds of metadata that were removed from the upload', examples: [['exif', 'gps']] }),
  preview_url: Type.String({ description: 'Signed URL of a WebP image with sides of at most 1280 pixels' }),
  thumbnail_url: Type.String({ description: 'Signed URL of a WebP image with sides of at most 320 pixels' }),
  urls_expire_at: Type.String({
    description: 'When the three signed URLs end (RFC 3339, UTC): 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones',
    examples: ['2026-11-21T11:00:00.000Z']
  })
}, { title: 'Creative' })

export const OneCreativeReply = Type.Object({ creative: CreativeReply }, { title: 'One creative' })

export const UploadedReply = Type.Object({
  creative: Type.Object({
    ...CreativeReply.properties,
    duplicate_of: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Your oldest other creative that was uploaded from the same file'
    })
  }, { title: 'Uploaded creative' })
}, { title: 'Upload taken' })

/** Body of 409 and 412. */
export const CreativeConflict = Type.Object({ ...Failure.properties, current: Type.Optional(CreativeReply) }, {
  title: 'Creative conflict', description: 'The creative has changed; `current` is its current state'
})

/** Path parameters of the routes of one creative. */
export const CreativeParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })

const uploadedFile = (maximumBytes: number) => Type.Unsafe<unknown>({
  type: 'string', format: 'binary', description: `${formatNames}, at most ${formatBytes(maximumBytes)}`
})

/** The fields that an upload takes beside its file. */
export const uploadFields: readonly string[] = ['scheduled_at', 'tz', ...textFieldNames]

/** Documents the form of an upload; the multipart reader checks the parts as they arrive. */
export function createUploadForm (maximumBytes: number): TSchema {
  return Type.Object({
    file: uploadedFile(maximumBytes),
    scheduled_at: Type.Optional(Type.String({
      format: 'date', description: 'YYYY-MM-DD, today or later; without it, the creative is a draft'
    })),
    tz: Type.Optional(TodayZone),
    ...mapTextFields((name) => Type.Optional(Type.String({ description: describeText(name), examples: [textFields[name].example] })))
  })
}

export const UploadHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ description: '1 to 255 visible ASCII characters, valid for 24 hours' }))
})

/** The fields that a replacement takes beside its file. */
export const replacementFields: readonly string[] = ['version']

/** Documents the form of a replacement. */
export function createReplacementForm (maximumBytes: number): TSchema {
  return Type.Object({
    file: uploadedFile(maximumBytes),
    version: Type.Optional(Type.Integer({ description: 'The version that you have seen' }))
  })
}

export const ReplacementHeaders = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The version that you have seen, as an entity tag such as "1"' }))
})

/** The bounds are in code units, of which a character takes up to two, and more before normalization. */
const Text = (name: TextFieldName) => Type.String({ maxLength: 4 * textFields[name].maximumLength, description: describeText(name) })

export const CreativePatch = Type.Object({
  scheduled_at: Type.Optional(nullable(Type.String({
    minLength: 1, maxLength: 32, description: 'YYYY-MM-DD, today or later if it changes; null makes the creative a draft'
  }))),
  tz: Type.Optional(TodayZone),
  ...mapTextFields((name) => Type.Optional(nullable(Text(name)))),
  version: Type.Optional(Type.Integer({
    minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; required without If-Match'
  }))
}, { ...closed, examples: [{ ...mapTextFields((name) => textFields[name].example), version: 1 }] })

export const PatchHeaders = Type.Object({ 'if-match': Type.Optional(Type.String({ description: 'The ETag that you have seen' })) })

const CalendarDate = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })

export const OwnQuery = Type.Object({
  from: Type.Optional(CalendarDate('First date, YYYY-MM-DD, inclusive')),
  to: Type.Optional(CalendarDate('Last date, YYYY-MM-DD, inclusive; not before `from`')),
  drafts: Type.Optional(Type.Union([Type.Literal('include'), Type.Literal('exclude'), Type.Literal('only')], {
    description: 'Whether creatives without a date are listed. Default: `exclude` with `from` or `to`, else `include`'
  })),
  limit: PageLimit('Most creatives of a page'),
  cursor: Cursor
}, closed)

export const OwnReply = Type.Object({ creatives: Type.Array(CreativeReply), next_cursor: NextCursor }, { title: 'Own creatives' })

/** Additional parameters are allowed because trackers and caches add their own to links that people share. */
export const ImageQuery = Type.Object({
  variant: Type.Unsafe<typeof variants[number]>(Type.Union(variants.map((variant) => Type.Literal(variant)), {
    default: 'original', description: '`preview` and `thumbnail` are WebP'
  })),
  expires: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Unix seconds' })),
  signature: Type.Optional(Type.String({ maxLength: 64, description: 'Signature of the URL' }))
})

export const ImageHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: '304 if you have this ETag' })),
  range: Type.Optional(Type.String({ description: 'One range of bytes, such as bytes=0-1023; several ranges return the whole image' })),
  'if-range': Type.Optional(Type.String({ description: 'Returns the range only if this is the current ETag, else the whole image' }))
})

const binary = { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }

/** Response contents of an image, by type. */
export const imageContent = Object.fromEntries(servedTypes.map((type) => [type, binary]))
