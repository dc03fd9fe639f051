import createFetchClient from 'openapi-fetch'
import type { paths } from '../generated/openapi-typescript/api.ts'

/** A client of openapi-fetch over the types of openapi-typescript, which know operations by path. */
const client = createFetchClient<paths>({ baseUrl: 'http://localhost:4000' })

/** Requests a code; resolves to the seconds until another one may be requested. */
export async function register (phone: string, name: string): Promise<number> {
  const { data, error } = await client.POST('/signup', { body: { name, phone_number: phone } })
  if (data === undefined) throw new Error(error.error)
  return 'resend_in' in data ? data.resend_in : 0
}

/** Verifies a code; resolves to the token, or to a sentence about what to do. */
export async function confirm (phone: string, otp: string): Promise<{ token: string | undefined } | { problem: string }> {
  const { data, error } = await client.POST('/verify', { body: { phone_number: phone, otp } })
  if (data !== undefined) return { token: data.token }
  switch (error.code) {
    case 'CHR_OTP_INVALID': return { problem: 'The code is wrong.' }
    case 'CHR_NAME_REQUIRED': return { problem: 'Enter your name.' }
    case 'CHR_OTP_LOCKED': return { problem: `Wait ${error.retry_after ?? 0} seconds.` }
    default: return { problem: error.error }
  }
}

/** Uploads an image; resolves to the id of the creative, or to undefined for a file that is not an image. */
export async function upload (token: string, file: Blob): Promise<number | undefined> {
  const form = new FormData()
  form.append('file', file)
  const { data, error } = await client.POST('/upload-creative', {
    headers: { authorization: `Bearer ${token}` },
    // openapi-typescript has the type `string` for binary fields, so the serializer sends the form in place of the body.
    body: { file: '' },
    bodySerializer: () => form
  })
  if (error !== undefined && error.code !== 'CHR_IMAGE_TYPE') throw new Error(error.error)
  return data?.creative.id
}

/** Lists the titles of tomorrow's creatives. */
export async function list (token: string): Promise<Array<string | null>> {
  const { data, error } = await client.GET('/scheduled', { params: { query: { tz: 'Asia/Kolkata' } }, headers: { authorization: `Bearer ${token}` } })
  if (data === undefined) throw new Error(error.error)
  return 'creatives' in data ? [] : data.scheduled_creatives.tomorrow.map(({ title }) => title)
}
