import type { FastifyInstance } from 'fastify'
import { findCreative, updateCreative, type CreativeChanges, type CreativeView } from '../../../db/creatives.ts'
import { textFieldNames, type CreativeTexts } from '../../../src/domain/creatives/text-fields.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { parseTextField } from '../../../src/http/parsers.ts'

export interface CreativeUpdate {
  creativeId: number
  ownerId: number
  /** Text from the client; `null` turns the creative into a draft. */
  scheduledAt?: string | null | undefined
  timeZone?: string | undefined
  /** The texts to change; `null` and blank texts remove a text. */
  texts: { [Name in keyof CreativeTexts]?: CreativeTexts[Name] | undefined }
  /** Throws if the client has seen another version. It is called again after a concurrent change. */
  checkVersion (creative: CreativeView): void
}

export interface CreativeUpdating {
  /**
   * Changes the date and the texts of a creative.
   * @throws {ApiError} CHR_NOT_FOUND if the user has no such creative, CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST,
   * and whatever `checkVersion` throws
   */
  update (edit: CreativeUpdate): Promise<CreativeView>
}

export function createUpdating ({ db, rowClock: clock, schedule }: FastifyInstance): CreativeUpdating {
  /** A past date is refused only if it changes. */
  async function parseChanges (
    creative: CreativeView, { ownerId, scheduledAt, timeZone, texts }: CreativeUpdate
  ): Promise<CreativeChanges> {
    const changes: CreativeChanges = {}
    for (const name of textFieldNames) {
      const text = texts[name]
      if (text !== undefined) changes[name] = parseTextField(name, text ?? '')
    }
    if (scheduledAt === undefined || scheduledAt === creative.scheduled_at) return changes
    return { ...changes, scheduled_at: scheduledAt === null ? null : await schedule.parseDate(ownerId, scheduledAt, timeZone) }
  }

  async function update (edit: CreativeUpdate): Promise<CreativeView> {
    const { creativeId: id, ownerId } = edit
    const creative = await findCreative(db, id)
    if (creative?.user_id !== ownerId) throw new ApiError('CHR_NOT_FOUND')
    edit.checkVersion(creative)
    const changes = await parseChanges(creative, edit)
    const changed = await updateCreative(db, { id, ownerId, version: creative.version, now: new Date(clock.now()), changes })
    // After a concurrent change, the new version is checked in the same way.
    return changed ?? await update(edit)
  }

  return { update }
}
