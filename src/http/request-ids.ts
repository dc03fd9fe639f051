import { randomBytes } from 'node:crypto'

/** Ids that differ between instances and starts, and cost a request next to nothing. What clients send is not believed. */
export function createRequestIds (): () => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${prefix}-${(++count).toString(36)}`
}
