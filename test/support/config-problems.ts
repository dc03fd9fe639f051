import { ConfigError, loadConfig } from '../../src/config/index.ts'

export type Environment = Record<string, string>

/** Credentials of Twilio. */
export const carrier = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006' }

/** The settings that production needs beside an SMS provider. */
export const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db.example/cheershare',
  REDIS_URL: 'redis://redis.example',
  APP_SECRET: 'a'.repeat(32),
  PHONE_HASH_SECRET: 'p'.repeat(32),
  STORAGE_URL: 'file:/srv/cheershare'
}

/** Returns the problems that the configuration reports for an environment. */
export function findProblems (env: Environment, role?: 'worker'): string[] {
  try {
    loadConfig(env, role)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
