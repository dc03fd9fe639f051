import { Type, type TSchema } from '@sinclair/typebox'
import { formatNames, imageTypes, servedTypes, variants } from '../domain/creatives/image.ts'
import { formatBytes } from '../domain/creatives/quota.ts'
import { mapTextFields, textFieldNames, textFields, type TextFieldName } from '../domain/creatives/text-fields.ts'
import { CalendarDate, closed, Cursor, Failure, Id, Moment, NextCursor, nullable, oneOf, PageLimit, Timestamp } from './common.ts'

export const TodayZone = Type.String({
  minLength: 1, maxLength: 64, description: 'IANA time zone that decides which date is today', examples: ['UTC']
})

/** The bounds are in code units, of which a character takes up to two, and more before normalization. */
const bound = (name: TextFieldName) => 4 * textFields[name].maximumLength

function describeText (name: TextFieldName): string {
  return `${textFields[name].description}; at most ${textFields[name].maximumLength} characters`
}

/** Schema of a signed link to a variant of an image. */
const ImageUrl = (description: string, variant: string) => Type.String({
  format: 'uri',
  description: `Signed URL of ${description}`,
  examples: [`https://login.example.com/creatives/7/image?variant=${variant}&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E`]
})

export const CreativeReply = Type.Object({
  id: Id('Id of the creative', 7),
  creative_url: ImageUrl('the image; it expires within two hours', 'original'),
  scheduled_at: nullable(CalendarDate('the date for which the image is due'), { description: 'YYYY-MM-DD; null for a draft', examples: ['2026-11-21'] }),
  ...mapTextFields((name) => nullable(Type.String(), { description: describeText(name), examples: [textFields[name].example] })),
  version: Type.Integer({ description: 'Incremented by each change', examples: [1] }),
  created_at: Timestamp,
  updated_at: Timestamp,
  content_type: Type.String({ description: `One of ${imageTypes.map((type) => `\`${type}\``).join(', ')}`, examples: ['image/png'] }),
  byte_count: Type.Integer({ description: 'Size of the stored image', examples: [48213] }),
  width: Type.Integer({ description: 'Displayed width in pixels', examples: [1200] }),
  height: Type.Integer({ description: 'Displayed height in pixels', examples: [800] }),
  frame_count: Type.Integer({ description: 'Above 1 for an animation', examples: [1] }),
  dominant_color: Type.String({ description: 'Placeholder to show while the image loads', examples: ['#3366cc'] }),
  thumb_hash: Type.String({ description: 'Placeholder to show while the image loads: a ThumbHash in base64', examples: ['1QcSHQRnh493V4dIh4eXh1h4kJUI'] }),
  removed: Type.Array(Type.String(), { description: 'Kinds of metadata that were removed from the upload', examples: [['exif', 'gps']] }),
  preview_url: ImageUrl('a WebP image with sides of at most 1280 pixels', 'preview'),
  thumbnail_url: ImageUrl('a WebP image with sides of at most 320 pixels', 'thumbnail'),
  urls_expire_at: Moment(
    'when the three signed URLs end: 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones', '2026-11-21T11:00:00.000Z'
  ),
  owner: Type.Object({
    id: Id('Id of the user'), name: Type.String({ description: 'Their present name', examples: ['Asha'] })
  }, { description: 'Who uploaded it' }),
  is_mine: Type.Boolean({ description: 'Whether that is the reader of this answer', examples: [true] })
}, { title: 'Creative' })

export const OneCreativeReply = Type.Object({ creative: CreativeReply }, { title: 'One creative' })

export const UploadedReply = Type.Object({
  creative: Type.Object({
    ...CreativeReply.properties,
    duplicate_of: nullable(Type.Integer(), {
      description: 'Your oldest other creative that was uploaded from the same file', examples: [null]
    })
  }, { title: 'Uploaded creative' })
}, { title: 'Upload taken' })

/** Body of 409 and 412. */
export const CreativeConflict = Type.Object({ ...Failure.properties, current: Type.Optional(CreativeReply) }, {
  title: 'Creative conflict', description: 'The creative has changed; `current` is its current state'
})

/** Path parameters of the routes of one creative. */
export const CreativeParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Id of the creative', examples: [7] })
})

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
      format: 'date', description: 'YYYY-MM-DD, today or later; without it, the creative is a draft', examples: ['2099-11-21']
    })),
    tz: Type.Optional(TodayZone),
    ...mapTextFields((name) => Type.Optional(Type.String({
      maxLength: bound(name), description: describeText(name), examples: [textFields[name].example]
    })))
  }, { title: 'Upload form' })
}

export const UploadHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ description: '1 to 255 visible ASCII characters, valid for 24 hours', examples: ['5f0c3a52-8d5b-4c35-9a4e-0c6f6c3c7a11'] }))
})

/** The fields that a replacement takes beside its file. */
export const replacementFields: readonly string[] = ['version']

/** Documents the form of a replacement. */
export function createReplacementForm (maximumBytes: number): TSchema {
  return Type.Object({
    file: uploadedFile(maximumBytes),
    version: Type.Optional(Type.Integer({ description: 'The version that you have seen', examples: [1] }))
  }, { title: 'Replacement form' })
}

export const ReplacementHeaders = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The version that you have seen, as an entity tag', examples: ['"1"'] }))
})

const Text = (name: TextFieldName) => Type.String({ maxLength: bound(name), description: describeText(name) })

export const CreativePatch = Type.Object({
  scheduled_at: Type.Optional(nullable(Type.String({
    minLength: 1, maxLength: 32, description: 'YYYY-MM-DD, today or later if it changes; null makes the creative a draft'
  }))),
  tz: Type.Optional(TodayZone),
  ...mapTextFields((name) => Type.Optional(nullable(Text(name)))),
  version: Type.Optional(Type.Integer({
    minimum: 1, maximum: 2_147_483_647, description: 'The version that you have seen; required without If-Match'
  }))
}, { ...closed, title: 'Creative patch', examples: [{ ...mapTextFields((name) => textFields[name].example), version: 1 }] })

export const PatchHeaders = Type.Object({ 'if-match': Type.Optional(Type.String({ description: 'The ETag that you have seen', examples: ['"1"'] })) })

export const QueryDate = (description: string, example: string) =>
  Type.String({ format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `YYYY-MM-DD; ${description}`, examples: [example] })

export const OwnQuery = Type.Object({
  from: Type.Optional(QueryDate('first date, inclusive', '2026-11-01')),
  to: Type.Optional(QueryDate('last date, inclusive; not before `from`', '2026-11-30')),
  drafts: Type.Optional(oneOf(['include', 'exclude', 'only'], {
    description: 'Whether creatives without a date are listed. Default: `exclude` with `from` or `to`, else `include`'
  })),
  limit: PageLimit('Most creatives of a page'),
  cursor: Cursor
}, closed)

export const DeletedQuery = Type.Object({ limit: PageLimit('Most creatives of a page'), cursor: Cursor }, closed)

export const DeletedReply = Type.Object({
  creatives: Type.Array(Type.Object({
    ...CreativeReply.properties,
    deleted_at: Timestamp,
    restorable_until: Moment('`POST /creatives/{id}/restore` works until then', '2026-11-21T09:40:00.000Z')
  }, { title: 'Deleted creative' })),
  next_cursor: NextCursor
}, { title: 'Deleted creatives' })

export const OwnReply = Type.Object({ creatives: Type.Array(CreativeReply), next_cursor: NextCursor }, { title: 'Own creatives' })

/** Additional parameters are allowed because trackers and caches add their own to links that people share. */
export const ImageQuery = Type.Object({
  variant: oneOf(variants, { default: 'original', description: '`preview` and `thumbnail` are WebP' }),
  expires: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Unix seconds', examples: [1796148000] })),
  signature: Type.Optional(Type.String({ maxLength: 64, description: 'Signature of the URL', examples: ['q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E'] }))
})

export const ImageHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: '304 if you have this ETag', examples: ['"7-1-original"'] })),
  range: Type.Optional(Type.String({ description: 'One range of bytes; several ranges return the whole image', examples: ['bytes=0-1023'] })),
  'if-range': Type.Optional(Type.String({ description: 'Returns the range only if this is the current ETag, else the whole image', examples: ['"7-1-original"'] }))
})

const binary = { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }

/** Response contents of an image, by type. */
export const imageContent = Object.fromEntries(servedTypes.map((type) => [type, binary]))
