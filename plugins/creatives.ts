import fp from 'fastify-plugin'
import { insertCreative } from '../db/creatives.ts'
import type { Creative } from '../db/schema.ts'
import { violates } from '../db/violations.ts'
import type { ImageType } from '../src/domain/image.ts'
import { ApiError } from '../src/errors.ts'
import type { StagedFile } from './creative-storage/contract.ts'

export interface NewUpload {
  ownerId: number
  file: StagedFile
  contentType: ImageType
  /** As the client wrote it. */
  scheduledAt: string
  timeZone: string | undefined
}

/** Takes creatives in. */
export interface Creatives {
  /** @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST */
  add (upload: NewUpload): Promise<Creative>
}

declare module 'fastify' {
  interface FastifyInstance { creatives: Creatives }
}

/** Offers `creatives`. */
export default fp(async (fastify) => {
  const { db, creativeStorage, scheduleDays } = fastify

  async function store (upload: NewUpload): Promise<Creative> {
    const { ownerId, file, contentType, scheduledAt } = upload
    const key = creativeStorage.createKey()
    await file.commit(key)
    return await insertCreative(db, {
      user_id: ownerId,
      creative_url: key,
      scheduled_at: scheduledAt,
      content_type: contentType,
      byte_count: file.byteCount,
      sha256: file.sha256,
      source_sha256: file.sha256,
      width: 1,
      height: 1,
      frame_count: 1,
      dominant_color: '#000000',
      thumb_hash: '',
      removed: []
    }).catch(async (error: unknown) => {
      await creativeStorage.delete(key)
      // The account was deleted while the image was on its way.
      if (violates(error, 'foreignKey')) throw new ApiError('CHR_UNAUTHENTICATED')
      throw error
    })
  }

  fastify.decorate('creatives', {
    async add (upload) {
      await scheduleDays.dateOf(upload.ownerId, upload.scheduledAt, upload.timeZone)
      return await store(upload)
    }
  })
}, { name: 'creatives', dependencies: ['postgres', 'creative-storage', 'schedule-days'], fastify: '5.x' })
