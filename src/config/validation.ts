import { authSettings } from './auth.ts'
import { databaseSettings, redisSettings } from './database.ts'
import type { ProcessConfig } from './process.ts'
import type { Rule, Setting } from './setting.ts'
import { smsSettings, type SmsValues } from './sms.ts'
import { storageSettings } from './storage.ts'

/**
 * `service` is the whole service; `auth` is its login without images, `creatives` its images without a login; `worker` only sends SMS
 * and has no database and no inbox.
 */
export type Role = 'service' | 'auth' | 'creatives' | 'worker'

interface Values { process: ProcessConfig, sms: SmsValues }

const neededForLogin = [databaseSettings.url, redisSettings.urls, authSettings.appSecrets, authSettings.phoneHashSecret]
const neededForImages = [databaseSettings.url, authSettings.appSecrets, storageSettings.location]
const sharedWithServices = [authSettings.appSecrets, authSettings.phoneHashSecret]

/** Settings that a process of each role needs. SMS providers have rules of their own. */
export const roleRules: Record<Role, Array<Rule<Values>>> = {
  service: [...[...neededForLogin, storageSettings.location].map(missingInProduction), queueRule()],
  auth: [...neededForLogin.map(missingInProduction), queueRule()],
  creatives: neededForImages.map(missingInProduction),
  worker: [
    {
      settings: [],
      check: (_values, isUnset) => isUnset(redisSettings.urls)
        ? ['REDIS_URL is missing: without Redis a worker has no queue, and the service sends its SMS itself']
        : []
    },
    ...sharedWithServices.map((setting) => missing(setting, 'and must be the same as that of the services whose SMS it sends'))
  ]
}

function missingInProduction (setting: Setting<unknown>): Rule<Values> {
  return missing(setting, 'and NODE_ENV=production allows no embedded default')
}

function queueRule (): Rule<Values> {
  return {
    settings: [smsSettings.delivers],
    check: ({ sms }, isUnset) => !sms.delivers && isUnset(redisSettings.urls)
      ? ['SMS_DELIVERY=off needs REDIS_URL: without Redis no other process can send the SMS']
      : []
  }
}

/** Requires a setting in production, where no embedded default replaces it. */
function missing (setting: Setting<unknown>, why: string): Rule<Values> {
  return {
    settings: [],
    check: ({ process: { mode } }, isUnset) => mode === 'production' && isUnset(setting) ? [`${setting.name} is missing, ${why}`] : []
  }
}
