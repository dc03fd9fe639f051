/**
 * The text that carries a code. It names the sender and holds nothing that a user wrote, so that
 * nobody can have a stranger's words delivered to a third person; one GSM-7 segment.
 */
export function codeText (code: string, lifeSeconds: number): string {
  const minutes = Math.max(1, Math.round(lifeSeconds / 60))
  return `Cheershare: your code is ${code}. It ends in ${minutes} minute${minutes === 1 ? '' : 's'}. Never share it.`
}

/** Messages without a code. */
export type Notice = 'phone_changed'

const notices: Record<Notice, string> = {
  phone_changed: 'Cheershare: your account was moved to another phone number. If this was not you, contact support at once.'
}

/** One GSM-7 segment, without a number or a name. */
export function noticeText (notice: Notice): string {
  return notices[notice]
}
