import { isDeepStrictEqual } from 'node:util'
import { isMembers, toMembers, type Members } from './members.ts'

/** A response with more codes is not shared, because its name would be unreadable. */
const maximumNamed = 3

/** Moves error responses that occur more than once to `components`, named by their codes: `UnauthenticatedOrOtpInvalid`. */
export function shareFailures (paths: Members): { paths: Members, responses: Members } {
  const operations = Object.values(paths).flatMap((path) => Object.values(toMembers(path)).filter(isMembers))
  const counts = new Map<string, number>()
  for (const { responses } of operations) {
    for (const response of Object.values(toMembers(responses)).map((response) => JSON.stringify(response))) {
      counts.set(response, (counts.get(response) ?? 0) + 1)
    }
  }
  const shared: Members = {}

  function share (response: unknown): unknown {
    const name = nameOf(response)
    if (name === undefined || counts.get(JSON.stringify(response)) === 1) return response
    // Responses of the same codes may differ, as in the header of 415: `Accept-Post`, `Accept-Patch`, or none. The first has the name.
    if (shared[name] !== undefined && !isDeepStrictEqual(shared[name], response)) return response
    shared[name] = response
    return { $ref: `#/components/responses/${name}` }
  }

  for (const operation of operations) {
    const responses = Object.entries(toMembers(operation['responses']))
    operation['responses'] = Object.fromEntries(responses.map(([status, response]) => [status, share(response)]))
  }
  return { paths, responses: shared }
}

/** Returns the name of an error response, or undefined if it is none or has too many codes. */
function nameOf (response: unknown): string | undefined {
  const examples = toMembers(toMembers(toMembers(toMembers(response)['content'])['application/json'])['examples'])
  const codes = Object.keys(examples)
  if (codes.length === 0 || codes.length > maximumNamed) return undefined
  const isOAuth = Object.values(examples).some((example) => 'error_description' in toMembers(toMembers(example)['value']))
  return `${isOAuth ? 'OAuth' : ''}${codes.map(toName).join('Or')}`
}

/** `CHR_OTP_INVALID` becomes `OtpInvalid`. */
function toName (code: string): string {
  return code.split('_').slice(1).map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('')
}
