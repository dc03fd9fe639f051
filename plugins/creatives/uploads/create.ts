import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { findDuplicate, findOwnCreative, insertCreative } from '../../../db/creatives.ts'
import { findIdempotencyKey, insertIdempotencyKey, type KeyOfUser, type StoredKey } from '../../../db/idempotency-keys.ts'
import type { NewCreative } from '../../../db/schema.ts'
import { mapTextFields, type CreativeTexts } from '../../../src/domain/creatives/text-fields.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { idempotencyKeyLifeMs } from '../../../src/http/idempotency-key.ts'
import { parseTextField } from '../../../src/http/parsers.ts'
import type { NewCreativeUpload, Uploaded, UploadForm, Uploads } from './contract.ts'
import type { UploadPipeline } from './pipeline.ts'

interface Prepared {
  fields: Pick<NewCreative, 'scheduled_at'> & CreativeTexts
  fingerprint: Buffer
}

/** A concurrent upload has stored the key first, so the transaction of this one is rolled back. */
class IdempotencyKeyUsedError extends Error {
  override readonly name = 'IdempotencyKeyUsedError'
  readonly stored: StoredKey
  readonly fingerprint: Buffer

  constructor (stored: StoredKey, fingerprint: Buffer) {
    super('another upload has stored this key')
    this.stored = stored
    this.fingerprint = fingerprint
  }
}

export function createCreate ({ db, schedule, rowClock: clock }: FastifyInstance, pipeline: UploadPipeline): Uploads['create'] {
  function hashKey ({ userId, idempotencyKey }: NewCreativeUpload): KeyOfUser | undefined {
    if (idempotencyKey === undefined) return undefined
    return { userId, keyHash: createHash('sha256').update(idempotencyKey).digest(), since: new Date(clock.now() - idempotencyKeyLifeMs) }
  }

  async function prepare (userId: number, form: UploadForm): Promise<Prepared> {
    const { fields } = form
    const scheduledAt = await schedule.parseDate(userId, fields.get('scheduled_at'), fields.get('tz') || undefined)
    const texts = mapTextFields((name) => parseTextField(name, fields.get(name) ?? ''))
    return { fields: { scheduled_at: scheduledAt, ...texts }, fingerprint: hashForm(form) }
  }

  async function create (upload: NewCreativeUpload, key: KeyOfUser | undefined): Promise<Uploaded> {
    const { userId } = upload
    return await pipeline.run(upload, {
      purpose: 'creative',
      prepare: async (form) => await prepare(userId, form),
      async finish (transaction, image, { fields, fingerprint }) {
        const creative = await insertCreative(transaction, { user_id: userId, ...fields, ...image })
        const row = { fingerprint, creative_id: creative.id, created_at: new Date(clock.now()) }
        const stored = key === undefined ? undefined : await insertIdempotencyKey(transaction, key, row)
        if (stored !== undefined) throw new IdempotencyKeyUsedError(stored, fingerprint)
        return { creative, duplicateOf: await findDuplicate(transaction, creative) }
      }
    })
  }

  /** Returns the creative of the upload that stored the key, in its current state. */
  async function repeat (userId: number, stored: StoredKey, fingerprint: Buffer): Promise<Uploaded> {
    if (!stored.fingerprint.equals(fingerprint)) throw new ApiError('CHR_IDEMPOTENCY_CONFLICT')
    const creative = stored.creative_id === null ? undefined : await findOwnCreative(db, { id: stored.creative_id, userId })
    if (creative === undefined) {
      throw new ApiError('CHR_NOT_FOUND', {
        message: 'The creative of this Idempotency-Key was deleted. Use a new key to upload it again.'
      })
    }
    return { creative, duplicateOf: await findDuplicate(db, creative) }
  }

  return async (upload) => {
    const { userId } = upload
    const key = hashKey(upload)
    // A repetition reserves no quota, because the upload that it repeats may have used the last of it.
    const known = key === undefined ? undefined : await findIdempotencyKey(db, key)
    if (known !== undefined) return await pipeline.withForm(upload, async (form) => await repeat(userId, known, hashForm(form)))
    try {
      return await create(upload, key)
    } catch (error) {
      if (error instanceof IdempotencyKeyUsedError) return await repeat(userId, error.stored, error.fingerprint)
      throw error
    }
  }
}

/** Hashes the file and all fields in any order; an empty field counts as absent. */
function hashForm ({ file, fields }: UploadForm): Buffer {
  const sent = [...fields].filter(([, value]) => value !== '').sort(([first], [second]) => first < second ? -1 : 1)
  return createHash('sha256').update(file.sha256).update(JSON.stringify(sent)).digest()
}
