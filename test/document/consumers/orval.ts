import { listScheduledCreatives, signUp, uploadCreative, verifyCode } from '../generated/orval/api.ts'

const authorize = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

/** Requests a code; resolves to the seconds until another one may be requested. */
export async function register (phone: string, name: string): Promise<number> {
  const reply = await signUp({ name, phone_number: phone })
  if (reply.status !== 200) throw new Error(reply.data.error)
  return 'resend_in' in reply.data ? reply.data.resend_in : 0
}

/** Verifies a code; resolves to the token, or to a sentence about what to do. */
export async function confirm (phone: string, otp: string): Promise<{ token: string | undefined } | { problem: string }> {
  const { status, data } = await verifyCode({ phone_number: phone, otp })
  if (status === 200) return { token: data.token }
  switch (data.code) {
    case 'CHR_OTP_INVALID': return { problem: 'The code is wrong.' }
    case 'CHR_NAME_REQUIRED': return { problem: 'Enter your name.' }
    case 'CHR_OTP_LOCKED': return { problem: `Wait ${data.retry_after ?? 0} seconds.` }
    default: return { problem: data.error }
  }
}

/** Uploads an image; resolves to the id of the creative, or to undefined for a file that is not an image. */
export async function upload (token: string, file: Blob): Promise<number | undefined> {
  const { status, data } = await uploadCreative({ file, scheduled_at: '2030-01-10' }, authorize(token))
  if (status === 200) return data.creative.id
  if (data.code === 'CHR_IMAGE_TYPE') return undefined
  throw new Error(data.error)
}

/** Lists the titles of tomorrow's creatives. */
export async function list (token: string): Promise<Array<string | null>> {
  const { status, data } = await listScheduledCreatives({ tz: 'Asia/Kolkata' }, authorize(token))
  if (status !== 200) throw new Error(data.error)
  return 'creatives' in data ? [] : data.scheduled_creatives.tomorrow.map(({ title }) => title)
}
