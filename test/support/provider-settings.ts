import { loadConfig } from '../../src/config/index.ts'

/** Loads the settings of an SMS provider from an environment. The caller states their type. */
export function loadProviderSettings<Settings> (name: string, env: Record<string, string>): Settings {
  const { knownProviders } = loadConfig(env).sms
  return knownProviders.find(({ definition }) => definition.name === name)?.settings as Settings
}
