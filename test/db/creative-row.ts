import { randomBytes } from 'node:crypto'
import type { NewCreative } from '../../db/schema.ts'

/** Returns the row of a creative, for tests without an upload. */
export function creativeRow ({ userId, ...given }: { userId: number } & Partial<NewCreative>): NewCreative {
  return {
    user_id: userId,
    creative_url: randomBytes(16).toString('hex'),
    scheduled_at: null,
    content_type: 'image/png',
    byte_count: 2_097_152,
    sha256: randomBytes(32),
    source_sha256: randomBytes(32),
    width: 1600,
    height: 1200,
    frame_count: 1,
    dominant_color: '#3366cc',
    thumb_hash: '3OcRJYB4d3h/iIeHeEh3eIhw+j3A',
    removed: ['exif', 'gps'],
    ...given
  }
}
