import { isDue, type CalendarDate } from './schedule.ts'

interface Scheduled {
  user_id: number
  scheduled_at: CalendarDate | null
}

/** Its owner sees a creative always; others where the schedule is shared, while it is due for somebody. */
export function isVisible ({ user_id: ownerId, scheduled_at: date }: Scheduled, { viewerId, isShared, now }: { viewerId: number, isShared: boolean, now: Date }): boolean {
  return ownerId === viewerId || (isShared && date !== null && isDue(date, now))
}
