import { hash } from 'node:crypto'
import fp from 'fastify-plugin'
import { deleteCalendarFeed, findCalendarFeed, findFeedOwner, keepCalendarFeed, listDatedCreatives } from '../../db/calendar-feeds.ts'
import { violates } from '../../db/violations.ts'
import { publicUrlOf } from '../../src/config/derived.ts'
import { createFeedKey, feedOf, hashFeedKey } from '../../src/domain/creatives/calendar-feed.ts'
import { dateAfter, dateIn } from '../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../src/http/errors.ts'

/** Secret addresses under which calendar programs read a user's creatives. */
export interface CalendarFeeds {
  /** The address of a new feed, told this once; an older one ends. @throws {ApiError} CHR_UNAUTHENTICATED where the account is gone */
  create (userId: number): Promise<string>
  /** Since when there is one. */
  find (userId: number): Promise<Date | undefined>
  /** @throws {ApiError} CHR_NOT_FOUND where there is none */
  revoke (userId: number): Promise<void>
  /** iCalendar and its strong entity tag. @throws {ApiError} CHR_NOT_FOUND for anything but the key of a feed */
  read (key: unknown): Promise<{ text: string, etag: string }>
}

declare module 'fastify' {
  interface FastifyInstance { calendarFeeds: CalendarFeeds }
}

/** Calendar programs fetch the whole every time: what lies behind is of little use, and there is an end. */
const pastDays = 60
const maximumEntries = 2000

/** Offers `calendarFeeds`. */
export default fp(async (fastify) => {
  const { db, clock, config } = fastify
  const publicUrl = publicUrlOf(config)
  const { host } = new URL(publicUrl)

  fastify.decorate('calendarFeeds', {
    async create (userId) {
      const key = createFeedKey()
      await keepCalendarFeed(db, { userId, hash: key.hash, now: new Date(clock.now()) }).catch((error: unknown) => {
        throw violates(error, 'foreignKey') ? new ApiError('CHR_UNAUTHENTICATED') : error
      })
      return `${publicUrl}/calendar.ics?key=${key.plaintext}`
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
      const from = dateAfter(dateIn('UTC', new Date(clock.now())), -pastDays)
      const text = feedOf(await listDatedCreatives(db, { ownerId, from, limit: maximumEntries }), host)
      return { text, etag: `"${hash('sha256', text, 'base64url')}"` }
    }
  })
}, { name: 'calendar-feeds', dependencies: ['postgres'], fastify: '5.x' })
