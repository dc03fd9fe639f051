import type { FastifyInstance } from 'fastify'
import { findDuplicate, findOwnCreative, lockOwnCreative, updateImage, type OwnedCreative } from '../../../db/creatives.ts'
import { discardImage } from '../../../db/images.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { Uploads } from './contract.ts'
import type { UploadPipeline } from './pipeline.ts'

export function createReplace ({ db, imageQuota, rowClock: clock }: FastifyInstance, pipeline: UploadPipeline): Uploads['replace'] {
  return async (upload) => {
    const { userId, creativeId: id, checkVersion } = upload
    const before = assertFound(await findOwnCreative(db, { id, userId }))
    checkVersion(before, new Map())

    const { replacedKey, ...uploaded } = await pipeline.run(upload, {
      purpose: { replacedBytes: before.byte_count },
      async prepare ({ fields }) {
        checkVersion(assertFound(await findOwnCreative(db, { id, userId })), fields)
        return fields
      },
      async finish (transaction, image, fields) {
        // The creative may have been changed, replaced or deleted during the upload.
        const current = assertFound(await lockOwnCreative(transaction, { id, userId }))
        checkVersion(current, fields)
        await discardImage(transaction, current.creative_url, 'ready')
        const creative = await updateImage(transaction, id, { image, now: new Date(clock.now()) })
        return { creative, duplicateOf: await findDuplicate(transaction, creative), replacedKey: current.creative_url }
      }
    })
    await imageQuota.deleteDiscarded([replacedKey])
    return uploaded
  }
}

function assertFound (creative: OwnedCreative | undefined): OwnedCreative {
  if (creative === undefined) throw new ApiError('CHR_NOT_FOUND', { message: 'You have no such creative.' })
  return creative
}
