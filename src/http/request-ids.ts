import { randomBytes } from 'node:crypto'

/** Creates a generator of request ids, which are unique across instances and starts. Ids that clients send are ignored. */
export function createRequestIds (): () => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${prefix}-${(++count).toString(36)}`
}
