import { authRules, authSettings, deriveAuth, type AuthConfig } from './auth.ts'
import { creativeSettings, deriveCreatives, maintenanceSettings, type CreativesConfig, type MaintenanceConfig } from './creatives.ts'
import { databaseSettings, deriveDatabase, redisRules, redisSettings, type DatabaseConfig, type RedisConfig } from './database.ts'
import { deriveHttp, httpSettings, type HttpConfig } from './http.ts'
import { jwtRules, jwtSettings, type JwtConfig } from './jwt.ts'
import { deriveLimits, limitSettings, type LimitsConfig } from './limits.ts'
import { outboundSettings, type OutboundConfig } from './outbound.ts'
import { deriveProcess, processSettings, type ProcessConfig } from './process.ts'
import { EnvironmentReader, type Environment } from './setting.ts'
import { readProviders, type ProvidersConfig } from './sms-providers.ts'
import { deriveSms, type SmsConfig } from './sms-config.ts'
import { createTexts, smsTextRules, smsTextSettings } from './sms-texts.ts'
import { smsSettings } from './sms.ts'
import { deriveStorage, storageRules, storageSettings, type StorageConfig } from './storage.ts'
import { roleRules, type Role } from './validation.ts'
import { isLoopback } from '../http/hosts.ts'

/** The parsed configuration of a process, by room. */
export interface Config {
  readonly process: ProcessConfig
  readonly http: HttpConfig
  readonly outbound: OutboundConfig
  readonly database: DatabaseConfig
  readonly redis: RedisConfig
  readonly storage: StorageConfig
  readonly auth: AuthConfig
  readonly jwt: JwtConfig
  readonly limits: LimitsConfig
  readonly sms: SmsConfig
  readonly creatives: CreativesConfig
  readonly maintenance: MaintenanceConfig
}

/** The start is refused; `problems` has a sentence for each variable that is missing or wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: string[]

  constructor (problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the configuration of a process from an environment. Unknown variables are ignored, blank ones count as unset.
 * @throws {ConfigError} naming every variable that is missing, malformed or contradicts another, and every text of an
 * SMS that breaks a rule
 */
export function loadConfig (env: Environment, role: Role = 'service'): Config {
  const reader = new EnvironmentReader(env)
  const process = deriveProcess(reader.read(processSettings))
  const http = reader.read(httpSettings)
  const outbound = reader.read(outboundSettings)
  const database = reader.read(databaseSettings)
  const redis = reader.read(redisSettings)
  const storage = reader.read(storageSettings)
  const auth = reader.read(authSettings)
  const jwt = reader.read(jwtSettings)
  const limits = reader.read(limitSettings)
  const sms = reader.read(smsSettings)
  const texts = reader.read(smsTextSettings)
  const creatives = reader.read(creativeSettings)
  const maintenance = reader.read(maintenanceSettings)
  const isProduction = process.mode === 'production'
  const isExposed = !isProduction && sms.hasInbox !== true && !isLoopback(http.host) && !reader.isMalformed(smsSettings.hasInbox)
  for (const rule of roleRules[role]) reader.apply(rule, { process, sms })
  const providers = role === 'creatives'
    ? noProviders
    : readProviders(reader, {
      role: role === 'auth' ? 'service' : role, isProduction, isQueueOnly: !sms.delivers, exposedHost: isExposed ? http.host : undefined
    })

  for (const rule of redisRules) reader.apply(rule, redis)
  for (const rule of storageRules) reader.apply(rule, storage)
  for (const rule of authRules) reader.apply(rule, auth)
  for (const rule of jwtRules) reader.apply(rule, { jwt, http })
  for (const rule of smsTextRules) reader.apply(rule, { process, texts, auth })
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)

  const derivedSms = deriveSms({ values: sms, texts: createTexts(texts), defaultRegion: auth.defaultRegion, ...providers })
  return freezeGroups({
    process,
    http: deriveHttp(http),
    outbound,
    database: deriveDatabase(database),
    redis,
    storage: deriveStorage(storage, process.dataDir),
    auth: deriveAuth(auth),
    jwt,
    limits: deriveLimits(limits, reader.isUnset, derivedSms.usesEmulator && database.url === undefined),
    sms: derivedSms,
    creatives: deriveCreatives(creatives),
    maintenance
  })
}

const noProviders: ProvidersConfig = { providers: [], knownProviders: [] }

function freezeGroups (config: Config): Config {
  for (const group of Object.values(config)) Object.freeze(group)
  return Object.freeze(config)
}
