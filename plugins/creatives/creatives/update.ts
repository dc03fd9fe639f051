import fp from 'fastify-plugin'
import { updateCreative, type CreativeChanges } from '../../../db/creative-edits.ts'
import { findCreative, type CreativeView } from '../../../db/creative-views.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { checkIfMatch } from '../../../src/http/if-match.ts'
import { captionOf, fieldError } from '../../../src/http/parsers.ts'
import { creativeReply } from '../../../src/http/serializers.ts'

export interface CreativeEdit {
  creativeId: number
  ownerId: number
  /** As the client wrote it; `null` makes it a draft. */
  scheduledAt?: string | null | undefined
  timeZone?: string | undefined
  title?: string | null | undefined
  altText?: string | null | undefined
  /** What the client has seen, by one or both. */
  version?: number | undefined
  ifMatch?: string | undefined
}

/** Changes what is said of a creative; its image has ways of its own. */
export interface CreativeEdits {
  /**
   * @throws {ApiError} CHR_NOT_FOUND for what is not theirs; CHR_VERSION_CONFLICT or, by If-Match, CHR_PRECONDITION_FAILED,
   * both with the current state; CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST
   */
  update (edit: CreativeEdit): Promise<CreativeView>
}

declare module 'fastify' {
  interface FastifyInstance { creativeEdits: CreativeEdits }
}

/** Offers `creativeEdits`. */
export default fp(async (fastify) => {
  const { db, clock, scheduleDays, creativeImages } = fastify

  function check (creative: CreativeView, { version, ifMatch }: CreativeEdit): void {
    const current = () => creativeReply(creative, creativeImages.linksTo(creative))
    checkIfMatch({ 'if-match': ifMatch }, creative.version, current)
    if (version !== undefined && version !== creative.version) throw new ApiError('CHR_VERSION_CONFLICT', { current: current() })
  }

  /** The past is refused to what moves there, not to what has been there. */
  async function changesOf (creative: CreativeView, { ownerId, scheduledAt, timeZone, title, altText }: CreativeEdit): Promise<CreativeChanges> {
    const changes: CreativeChanges = {}
    if (title !== undefined) changes.title = title === null ? null : captionOf('title', title)
    if (altText !== undefined) changes.alt_text = altText === null ? null : captionOf('alt_text', altText)
    if (scheduledAt === undefined || scheduledAt === creative.scheduled_at) return changes
    return { ...changes, scheduled_at: scheduledAt === null ? null : await scheduleDays.dateOf(ownerId, scheduledAt, timeZone) }
  }

  async function update (edit: CreativeEdit): Promise<CreativeView> {
    const { creativeId: id, ownerId, version, ifMatch } = edit
    if (version === undefined && ifMatch === undefined) throw fieldError('version', 'is required, unless If-Match has the ETag that you have seen')
    const creative = await findCreative(db, id)
    if (creative?.user_id !== ownerId) throw new ApiError('CHR_NOT_FOUND')
    check(creative, edit)
    const changes = await changesOf(creative, edit)
    const changed = await updateCreative(db, { id, ownerId, version: creative.version, now: new Date(clock.now()), changes })
    // Somebody was faster: whether that matters is for the next look to say.
    return changed ?? await update(edit)
  }

  fastify.decorate('creativeEdits', { update })
}, { name: 'creative-edits', dependencies: ['postgres', 'schedule-days', 'creative-images'], fastify: '5.x' })
