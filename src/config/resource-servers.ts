import { splitList } from './parsers.ts'
import { SettingError, type Setting } from './setting.ts'

/** Another service, which may ask for the state of a token (RFC 7662). */
export interface ResourceServer {
  /** Its `client_id`. */
  readonly name: string
  readonly secret: string
  /** A JWT for another audience is inactive for this server. */
  readonly audience: string
}

const minimumSecretLength = 32
const namePattern = /^[\w.-]{1,64}$/

/** A secret has no colon and no comma, which part the entries. An audience may have colons: it is often a URL. */
const entryPattern = /^([^:]*):([^:]*):(.+)$/

export const resourceServers: Setting<readonly ResourceServer[]> = {
  name: 'RESOURCE_SERVERS',
  description:
    'Comma-separated entries `name:secret:audience` of the services that may call `POST /introspect`: a secret has 32 characters or more, ' +
    'without colons and commas; an audience is one of JWT_AUDIENCES or PUBLIC_URL',
  initial: undefined,
  parse: parseResourceServers
}

/** Parses the entries. The problems do not repeat secrets. */
function parseResourceServers (text: string | undefined): readonly ResourceServer[] {
  const problems: string[] = []
  const servers = new Map<string, ResourceServer>()
  for (const [index, entry] of splitList(text).entries()) {
    const [, name = '', secret = '', audience = ''] = entryPattern.exec(entry) ?? []
    const label = namePattern.test(name) ? name : `entry ${index + 1}`
    const add = (problem: string) => problems.push(`RESOURCE_SERVERS: ${label} ${problem}`)
    if (audience === '') add('is not of the form name:secret:audience')
    else if (label !== name) add('needs a name of 1 to 64 letters, digits, dots, dashes and underscores')
    else if (secret.length < minimumSecretLength) add(`needs a secret of ${minimumSecretLength} characters or more`)
    else if (!/^[\x21-\x7e]+$/.test(secret)) add('has a secret with characters other than visible ASCII')
    else if (servers.has(name)) add('is listed twice')
    else servers.set(name, { name, secret, audience })
  }
  if (problems.length > 0) throw new SettingError(problems)
  return [...servers.values()]
}

/** Returns the problems of audiences for which no JWT exists. */
export function findAudienceProblems (servers: readonly ResourceServer[], audiences: readonly string[]): string[] {
  return servers.filter(({ audience }) => !audiences.includes(audience)).map(({ name, audience }) =>
    `RESOURCE_SERVERS: ${name} has the audience ${audience}, which is neither in JWT_AUDIENCES nor PUBLIC_URL`)
}
