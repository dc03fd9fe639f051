import { providers as definitions } from '../../plugins/sms/providers/registry.ts'
import type { ProviderContext, SmsProviderDefinition } from '../../plugins/sms/providers/definition.ts'
import { splitList } from './parsers.ts'
import { SettingError, type EnvironmentReader, type Setting, type ValuesOf, type SettingGroup } from './setting.ts'

const known = definitions.map(({ name }): string => name)

export const smsProviderSettings = {
  /** Names in the order in which the providers are tried. */
  selected: {
    name: 'SMS_PROVIDERS',
    description: `Comma-separated list of ${new Intl.ListFormat('en').format(known.map((name) => `\`${name}\``))}: ` +
      'each takes over when the one before it cannot send',
    initial: 'twilio',
    parse: parseNames
  } satisfies Setting<readonly string[]>
}

/** A heading for the documentation, and settings, for each provider. */
export const providerGroups = (definitions as readonly SmsProviderDefinition[])
  .map(({ name, settings }): [string, SettingGroup] => [`SMS provider ${name}`, settings])

/** A provider with the values of its settings. */
export interface ConfiguredProvider {
  definition: SmsProviderDefinition
  settings: ValuesOf<SettingGroup>
}

export interface ProvidersConfig {
  /** The providers that SMS_PROVIDERS names, in its order. */
  providers: readonly ConfiguredProvider[]
  /** All providers, since receipts of one can arrive after it was removed from SMS_PROVIDERS. */
  knownProviders: readonly ConfiguredProvider[]
}

type Base = Omit<ProviderContext<unknown>, 'own' | 'isSelected'>

/** Reads and checks the settings of all providers. */
export function readProviders (reader: EnvironmentReader, base: Base): ProvidersConfig {
  const { selected } = reader.read(smsProviderSettings)
  const knownProviders = (definitions as readonly SmsProviderDefinition[]).map((definition) => {
    const settings = reader.read(definition.settings)
    const context = { ...base, own: settings, isSelected: selected.includes(definition.name) }
    for (const rule of definition.rules) reader.apply({ ...rule, settings: [smsProviderSettings.selected, ...rule.settings] }, context)
    return { definition, settings }
  })
  return { providers: selected.flatMap((name) => knownProviders.filter(({ definition }) => definition.name === name)), knownProviders }
}

function parseNames (text = 'twilio'): readonly string[] {
  const names = splitList(text)
  const problems = [
    ...names.filter((name) => !known.includes(name)).map((name) => `SMS_PROVIDERS: ${name} is not one of ${known.join(', ')}`),
    ...(new Set(names).size === names.length ? [] : ['SMS_PROVIDERS names a provider twice'])
  ]
  if (problems.length > 0) throw new SettingError(problems)
  return names
}
