import { choice, integer, seconds, text } from './parsers.ts'
import type { ValuesOf } from './setting.ts'
import { defaultImageMemoryBytes, defaultUploadBytes } from '../domain/creatives/image.ts'
import { isTimeZone } from '../domain/creatives/schedule.ts'

const mebibyte = 1024 * 1024

export const creativeSettings = {
  scheduleVisibility: choice(
    'SCHEDULE_VISIBILITY', ['shared', 'private'], 'shared',
    'Who sees scheduled creatives: every signed-in user (`shared`) or their owner (`private`)'
  ),
  defaultTimeZone: text(
    'DEFAULT_TIME_ZONE', 'UTC', 'Time zone of "today" when neither the request nor the user names one',
    (zone) => isTimeZone(zone) ? undefined : ' is not an IANA time zone name, such as Asia/Kolkata'
  ),
  quotaPerDay: integer('QUOTA_CREATIVES_PER_DAY', 100, 'Maximum of creatives that a user may upload in a day; 0 turns it off'),
  uploadMaxBytes: integer(
    'UPLOAD_MAX_BYTES', defaultUploadBytes, 'Largest image that may be uploaded, in bytes',
    { minimum: mebibyte / 16, maximum: 50 * mebibyte }
  ),
  imageMemoryBytes: integer(
    'IMAGE_MEMORY_BYTES', defaultImageMemoryBytes,
    'Most memory that decoding images may take, all of them together, in bytes; an image that alone would take more is refused',
    { minimum: 64 * mebibyte, maximum: 4096 * mebibyte }
  ),
  quotaBytes: integer('QUOTA_BYTES_PER_USER', 1_073_741_824, 'Maximum of bytes that a user may store; 0 turns it off')
}

export const maintenanceSettings = {
  sweepSeconds: seconds(
    'SWEEP_SECONDS', 3600, 'Pause between two runs that reconcile storage and database after crashes; 0 turns them off', 0
  ),
  sweepGraceSeconds: seconds(
    'SWEEP_GRACE_SECONDS', 3600, 'Such a run ignores younger rows and blobs; must be longer than any upload lasts', 0
  ),
  sweepMaximumDeletions: integer(
    'SWEEP_MAXIMUM_DELETIONS', 1000, 'If there are more orphaned blobs than this, a run reports it and deletes none'
  ),
  scrubSeconds: seconds('SCRUB_SECONDS', 10, 'Pause between two stored images that are hashed again to find damage; 0 turns it off', 0)
}

export type MaintenanceConfig = ValuesOf<typeof maintenanceSettings>

export interface CreativesConfig extends Omit<ValuesOf<typeof creativeSettings>, 'scheduleVisibility'> {
  /** Every signed-in user sees scheduled creatives; otherwise only their owner does. */
  isScheduleShared: boolean
}

export function deriveCreatives ({ scheduleVisibility, ...values }: ValuesOf<typeof creativeSettings>): CreativesConfig {
  return { ...values, isScheduleShared: scheduleVisibility === 'shared' }
}
