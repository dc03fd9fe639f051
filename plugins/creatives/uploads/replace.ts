import type { FastifyInstance } from 'fastify'
import { changeImage, findDuplicate, findOwnCreative, lockOwnCreative } from '../../../db/creatives.ts'
import { discardImage } from '../../../db/images.ts'
import type { Creative } from '../../../db/schema.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { Uploads } from './contract.ts'
import type { Intake } from './pipeline.ts'

export function createReplacement ({ db, imageLedger, clock }: FastifyInstance, intake: Intake): Uploads['replace'] {
  return async (upload) => {
    const { userId, creativeId: id, checkVersion } = upload
    const before = existing(await findOwnCreative(db, { id, userId }))
    checkVersion(before, new Map())

    const { replacedKey, ...uploaded } = await intake.take(upload, {
      purpose: { replacedBytes: before.byte_count },
      async prepare ({ fields }) {
        checkVersion(existing(await findOwnCreative(db, { id, userId })), fields)
        return fields
      },
      async finish (transaction, image, fields) {
        // It may have been changed, replaced or deleted while the image was on its way.
        const current = existing(await lockOwnCreative(transaction, { id, userId }))
        checkVersion(current, fields)
        await discardImage(transaction, current.creative_url, 'ready')
        const creative = await changeImage(transaction, id, { image, now: new Date(clock.now()) })
        return { creative, duplicateOf: await findDuplicate(transaction, creative), replacedKey: current.creative_url }
      }
    })
    await imageLedger.clear([replacedKey])
    return uploaded
  }
}

function existing (creative: Creative | undefined): Creative {
  if (creative === undefined) throw new ApiError('CHR_NOT_FOUND', { message: 'You have no such creative.' })
  return creative
}
