import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { findDuplicate, findOwnCreative, insertCreative } from '../../../db/creatives.ts'
import { findIdempotencyKey, keepIdempotencyKey, type KeptKey, type KeyOfUser } from '../../../db/idempotency-keys.ts'
import type { NewCreative } from '../../../db/schema.ts'
import { idempotencyKeyLifeMs } from '../../../src/domain/http/idempotency.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { captionOf } from '../../../src/http/parsers.ts'
import type { NewCreativeUpload, Uploaded, UploadForm, Uploads } from './contract.ts'
import type { Intake } from './pipeline.ts'

interface Prepared {
  fields: Pick<NewCreative, 'scheduled_at' | 'title' | 'alt_text'>
  fingerprint: Buffer
}

/** Another upload kept the key first; this one is taken back. */
class KeyTaken extends Error {
  readonly kept: KeptKey
  readonly fingerprint: Buffer

  constructor (kept: KeptKey, fingerprint: Buffer) {
    super('another upload has this key')
    this.kept = kept
    this.fingerprint = fingerprint
  }
}

export function createAddition ({ db, scheduleDays, clock }: FastifyInstance, intake: Intake): Uploads['add'] {
  function keyOf ({ userId, idempotencyKey }: NewCreativeUpload): KeyOfUser | undefined {
    if (idempotencyKey === undefined) return undefined
    return { userId, keyHash: createHash('sha256').update(idempotencyKey).digest(), since: new Date(clock.now() - idempotencyKeyLifeMs) }
  }

  async function prepare (userId: number, form: UploadForm): Promise<Prepared> {
    const { fields } = form
    const scheduledAt = await scheduleDays.dateOf(userId, fields.get('scheduled_at'), fields.get('tz') || undefined)
    const captions = { title: captionOf('title', fields.get('title') ?? ''), alt_text: captionOf('alt_text', fields.get('alt_text') ?? '') }
    return { fields: { scheduled_at: scheduledAt, ...captions }, fingerprint: fingerprintOf(form) }
  }

  async function create (upload: NewCreativeUpload, key: KeyOfUser | undefined): Promise<Uploaded> {
    const { userId } = upload
    return await intake.take(upload, {
      purpose: 'creative',
      prepare: async (form) => await prepare(userId, form),
      async finish (transaction, image, { fields, fingerprint }) {
        const creative = await insertCreative(transaction, { user_id: userId, ...fields, ...image })
        const kept = { fingerprint, creative_id: creative.id, created_at: new Date(clock.now()) }
        const taken = key === undefined ? undefined : await keepIdempotencyKey(transaction, key, kept)
        if (taken !== undefined) throw new KeyTaken(taken, fingerprint)
        return { creative, duplicateOf: await findDuplicate(transaction, creative) }
      }
    })
  }

  /** What the upload that kept the key was answered, as it is now. */
  async function repeat (userId: number, kept: KeptKey, fingerprint: Buffer): Promise<Uploaded> {
    if (!kept.fingerprint.equals(fingerprint)) throw new ApiError('CHR_IDEMPOTENCY_CONFLICT')
    const creative = kept.creative_id === null ? undefined : await findOwnCreative(db, { id: kept.creative_id, userId })
    if (creative === undefined) throw new ApiError('CHR_NOT_FOUND', { message: 'The creative of this Idempotency-Key was deleted. Use a new key to upload it again.' })
    return { creative, duplicateOf: await findDuplicate(db, creative) }
  }

  return async (upload) => {
    const { userId } = upload
    const key = keyOf(upload)
    // A repetition needs no room: it must be answered even when the upload that it repeats took the last.
    const known = key === undefined ? undefined : await findIdempotencyKey(db, key)
    if (known !== undefined) return await intake.withForm(upload, async (form) => await repeat(userId, known, fingerprintOf(form)))
    try {
      return await create(upload, key)
    } catch (error) {
      if (error instanceof KeyTaken) return await repeat(userId, error.kept, error.fingerprint)
      throw error
    }
  }
}

/** Of all that was sent, whatever its order; an empty field is as good as none. */
function fingerprintOf ({ file, fields }: UploadForm): Buffer {
  const sent = [...fields].filter(([, value]) => value !== '').sort(([first], [second]) => first < second ? -1 : 1)
  return createHash('sha256').update(file.sha256).update(JSON.stringify(sent)).digest()
}
