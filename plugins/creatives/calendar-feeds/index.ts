import { hash } from 'node:crypto'
import fp from 'fastify-plugin'
import {
  deleteCalendarFeed, findCalendarFeed, findFeedOwner, fingerprintDated, listDatedBetween, listDatedFrom, upsertCalendarFeed
} from '../../../db/calendar-feeds.ts'
import { violates } from '../../../db/errors.ts'
import { createFeedKey, feedPath, hashFeedKey, writeFeed } from '../../../src/domain/creatives/calendar-feed.ts'
import { dateAfter, dateIn, type CalendarDate } from '../../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { createFeedTexts } from './texts.ts'

/** Secret URLs under which calendar programs read a user's creatives. */
export interface CalendarFeeds {
  /**
   * Returns the URL of a new feed; only its hash is stored. It revokes an older feed.
   * @throws {ApiError} CHR_UNAUTHENTICATED if the account was deleted
   */
  create (userId: number): Promise<string>
  /** Returns when the feed was created, or `undefined` without a feed. */
  find (userId: number): Promise<Date | undefined>
  /** @throws {ApiError} CHR_NOT_FOUND without a feed */
  revoke (userId: number): Promise<void>
  /**
   * Returns the strong entity tag of a feed, and a function that writes it as iCalendar.
   * @throws {ApiError} CHR_NOT_FOUND unless this is the key of a feed
   */
  read (key: unknown): Promise<{ etag: string, write: () => Promise<string> }>
}

declare module 'fastify' {
  interface FastifyInstance { calendarFeeds: CalendarFeeds }
}

/** Bounds of a feed, because calendar programs fetch all of it every time and delete past events that a feed no longer has. */
const pastDays = 365
const maximumEntries = 2000

/** Creates, revokes and serves calendar feeds. */
export default fp(async (fastify) => {
  const { db, rowClock: clock, config } = fastify
  const publicUrl = config.http.baseUrl
  const { host } = new URL(publicUrl)

  const texts = createFeedTexts()

  /** Lists the next creatives, and fills the feed with the latest ones of the past year. One more of each shows what is omitted. */
  async function listEntries (ownerId: number, today: CalendarDate): Promise<Parameters<typeof writeFeed>> {
    const future = await listDatedFrom(db, { ownerId, from: today, limit: maximumEntries + 1 })
    const room = Math.max(0, maximumEntries - future.length)
    const past = await listDatedBetween(db, { ownerId, from: dateAfter(today, -pastDays), before: today, limit: room + 1 })
    const omitted = { until: past[room]?.scheduled_at, from: future[maximumEntries]?.scheduled_at }
    return [[...past.slice(0, room).reverse(), ...future.slice(0, maximumEntries)], { host, omitted }]
  }

  fastify.decorate('calendarFeeds', {
    async create (userId) {
      const key = createFeedKey()
      await upsertCalendarFeed(db, { userId, hash: key.hash, now: new Date(clock.now()) }).catch((error: unknown) => {
        throw violates(error, 'foreignKey') ? new ApiError('CHR_UNAUTHENTICATED') : error
      })
      return publicUrl + feedPath(key.plaintext)
    },

    async find (userId) {
      return (await findCalendarFeed(db, userId))?.created_at
    },

    async revoke (userId) {
      if (!await deleteCalendarFeed(db, userId)) throw new ApiError('CHR_NOT_FOUND')
    },

    async read (key) {
      const keyHash = hashFeedKey(key)
      const ownerId = keyHash === undefined ? undefined : await findFeedOwner(db, keyHash)
      if (ownerId === undefined) throw new ApiError('CHR_NOT_FOUND')
      // It is still yesterday in some time zones. Today must not count as the past in any of them.
      const today = dateAfter(dateIn('UTC', new Date(clock.now())), -1)
      const fingerprint = await fingerprintDated(db, { ownerId, from: dateAfter(today, -pastDays) })
      const etag = `"${hash('sha256', JSON.stringify([host, ownerId, today, fingerprint]), 'base64url')}"`
      return { etag, write: async () => await texts.get(etag, async () => writeFeed(...await listEntries(ownerId, today))) }
    }
  })
}, { name: 'calendar-feeds', dependencies: ['postgres'], fastify: '5.x' })
