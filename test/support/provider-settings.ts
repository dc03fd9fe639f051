import { loadConfig } from '../../src/config/index.ts'

/** The settings of an SMS provider in an environment. The caller knows their type. */
export function loadProviderSettings<Settings> (name: string, env: Record<string, string>): Settings {
  const { knownProviders } = loadConfig(env).sms
  return knownProviders.find(({ definition }) => definition.name === name)?.settings as Settings
}
