import { countryProblem } from './auth.ts'
import { flag, integer, list, optional, optionalFlag } from './parsers.ts'
import type { ValuesOf } from './setting.ts'

export const smsSettings = {
  concurrency: integer(
    'SMS_CONCURRENCY', 50,
    'SMS in flight at once in each process that sends; Twilio refuses more than the account may have (20429)',
    { minimum: 1, maximum: 1000 }
  ),
  delivers: flag('SMS_DELIVERY', true, '`off`: this process only queues SMS, and `npm run worker` sends them; needs REDIS_URL'),
  hasInbox: optionalFlag(
    'DEV_INBOX', 'SMS inbox of the carrier emulator: `on` or `off`; when unset, on with the emulator on a loopback HOST'
  ),
  countries: optional(
    'SMS_COUNTRIES',
    'Comma-separated ISO codes of the countries that SMS go to, or `*` for all; DEFAULT_REGION when unset, `*` with the emulator',
    parseCountries
  )
}

export type SmsValues = ValuesOf<typeof smsSettings>

/** `*` stands for every country. */
function parseCountries (text: string): '*' | ReadonlySet<string> {
  return text === '*' ? text : new Set(list('SMS_COUNTRIES', '', countryProblem).parse(text))
}
