/** Values that a template of claims may name, such as `{user_id}`. */
export interface ClaimValues {
  user_id: string
  session_id: string
  phone_number: string
  name: string
}

export type ClaimTemplate = Readonly<Record<string, unknown>>

const placeholders: ReadonlyArray<keyof ClaimValues> = ['user_id', 'session_id', 'phone_number', 'name']

/** Claims that the service sets itself (RFC 7519, §4.1; RFC 9068, §2.2), or that carry rights which it does not check. */
const reserved = new Set([
  'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'sid', 'auth_time', 'amr', 'acr', 'is_test', 'scope', 'cnf', 'act', 'may_act'
])

const authenticated = { role: 'authenticated' }

/** Templates by the word that stands for them in JWT_CLAIMS. */
export const claimPresets: ReadonlyMap<string, ClaimTemplate> = new Map<string, ClaimTemplate>([
  ['hasura', {
    'https://hasura.io/jwt/claims': {
      'x-hasura-default-role': 'user', 'x-hasura-allowed-roles': ['user'], 'x-hasura-user-id': '{user_id}'
    }
  }],
  ['postgrest', authenticated],
  ['supabase', authenticated]
])

/** Proxies accept headers of 8 KiB, and a JWT is a third longer than its claims. */
const maximumLength = 2000

/**
 * Parses the value of JWT_CLAIMS: the name of a preset, or a JSON object whose texts may hold placeholders.
 * @throws {TypeError} whose message completes a sentence that begins with the name of the variable
 */
export function parseClaimTemplate (text: string): ClaimTemplate {
  const preset = claimPresets.get(text)
  if (preset !== undefined) return preset
  if (text.length > maximumLength) throw new TypeError(`is longer than ${maximumLength} characters`)
  const template = parseObject(text)
  const taken = Object.keys(template).filter((name) => reserved.has(name))
  if (taken.length > 0) throw new TypeError(`sets ${taken.join(', ')}, which the service sets or reserves`)
  const unknown = [...JSON.stringify(template).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    .filter((name) => !(placeholders as readonly string[]).includes(name))
  if (unknown.length > 0) throw new TypeError(`names {${unknown.join('}, {')}}; known are {${placeholders.join('}, {')}}`)
  return template
}

function parseObject (text: string): Record<string, unknown> {
  const problem = `is neither a JSON object nor one of ${[...claimPresets.keys()].join(', ')}`
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw new TypeError(problem)
}

/** Returns the claims of a template with its placeholders filled in. */
export function fillClaims (template: ClaimTemplate, values: ClaimValues): Record<string, unknown> {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(/\{(\w+)\}/g, (_match, name: keyof ClaimValues) => values[name])
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]))
  }
  return fill(template) as Record<string, unknown>
}
