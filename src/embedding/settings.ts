import { ConfigError, loadConfig, type Config } from '../config/index.ts'
import type { Environment } from '../config/setting.ts'
import type { Role } from '../config/validation.ts'
import { allSettings } from '../config/settings.ts'

/** Settings by the names that docs/configuration.md lists. Texts are written as in the environment; `true` is `on`, `false` is `off`. */
export type Settings = Readonly<Record<string, string | number | boolean | undefined>>

/** Defaults of a plugin that differ from those of the service. */
const pluginDefaults = { DATABASE_SCHEMA: 'cheershare' }

const knownNames = new Set(allSettings.flatMap(({ name, alias }) => alias === undefined ? [name] : [name, alias]))

/**
 * Parses the settings of a plugin. The environment of the process is not read, because its DATABASE_URL and PORT are the host's.
 * @throws {ConfigError} naming every setting that is unknown, missing or malformed
 */
export function parseSettings (settings: Settings | undefined, role: Role = 'service'): Config {
  if (typeof settings !== 'object') {
    throw new ConfigError(['The option `config` is missing: pass an object of settings. The plugin does not read process.env'])
  }
  const unknown = Object.keys(settings).filter((name) => !knownNames.has(name))
  if (unknown.length > 0) throw new ConfigError(unknown.map((name) => `${name} is not a setting`))
  return loadConfig({ ...pluginDefaults, ...toEnvironment(settings) }, role)
}

function toEnvironment (settings: Settings): Environment {
  // An unset setting must not hide the default of the plugin.
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, toText(value)]))
}

function toText (value: Settings[string]): string | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return value?.toString()
}

/**
 * Checks where the plugin is mounted. Links, the document and the issuer of JWTs begin with PUBLIC_URL, so it must contain the prefix.
 * It may contain more, when a proxy removes the beginning of the path.
 * @throws {ConfigError}
 */
export function assertMounted (prefix: string, { http }: Config): void {
  if (prefix === '') {
    throw new ConfigError(["The prefix is missing: register(plugin, { prefix: '/auth', config }). At the root, the plugin would take all paths"])
  }
  if (http.publicUrl === undefined) {
    throw new ConfigError([`PUBLIC_URL is missing: links must name the public address of the app and its prefix, as in https://app.example.com${prefix}`])
  }
  // A prefix with parameters, such as /:tenant/auth, has no fixed text to compare.
  if (prefix.includes(':') || new URL(http.publicUrl).pathname.endsWith(prefix)) return
  throw new ConfigError([`PUBLIC_URL must end with the prefix ${prefix} at which the plugin is registered, and is ${http.publicUrl}`])
}
