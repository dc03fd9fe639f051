import { authSettings } from './auth.ts'
import { creativeSettings, maintenanceSettings } from './creatives.ts'
import { databaseSettings, redisSettings } from './database.ts'
import { httpSettings } from './http.ts'
import { jwtSettings } from './jwt.ts'
import { limitSettings } from './limits.ts'
import { outboundSettings } from './outbound.ts'
import { processSettings } from './process.ts'
import type { Setting, SettingGroup } from './setting.ts'
import { providerGroups, smsProviderSettings } from './sms-providers.ts'
import { smsTextSettings } from './sms-texts.ts'
import { smsSettings } from './sms.ts'
import { storageSettings } from './storage.ts'

/** Every environment variable of the service, by the heading that it has in the documentation. */
export const documentedSettings: ReadonlyArray<[heading: string, settings: Array<Setting<unknown>>]> = ([
  ['Process', processSettings],
  ['HTTP', httpSettings],
  ['Outbound calls', outboundSettings],
  ['PostgreSQL', databaseSettings],
  ['Redis', redisSettings],
  ['Storage of images', storageSettings],
  ['Sign-in', authSettings],
  ['Tokens for other services', jwtSettings],
  ['Rate limits', limitSettings],
  ['SMS', { ...smsProviderSettings, ...smsSettings, ...smsTextSettings }],
  ...providerGroups,
  ['Creatives', creativeSettings],
  ['Maintenance', maintenanceSettings]
] satisfies Array<[string, SettingGroup]>).map(([heading, group]) => [heading, Object.values(group)])

export const allSettings: ReadonlyArray<Setting<unknown>> = documentedSettings.flatMap(([, settings]) => settings)
