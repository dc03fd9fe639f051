/** A command of the package and of the checkout. */
export interface Command {
  /** `cheershare NAME` runs it. */
  name: string
  /** `npm run SCRIPT` runs it in a checkout; the name by default. */
  script?: string
  /** Module below `src/`, without its extension. */
  module: string
  /** Arguments that precede those of the user. */
  first?: readonly string[]
  /** Arguments in upper case that the help shows. */
  placeholder?: string
  text: string
}

/** The commands that the package has, in the order of the help. */
export const commands: readonly Command[] = [
  { name: 'serve', script: 'start', module: 'server', text: 'start the service; without configuration, every dependency is embedded' },
  { name: 'demo', module: 'commands/demo', text: 'run sign-up, SMS, receipt, verify, upload, list and image against the running service' },
  { name: 'worker', module: 'commands/worker', text: 'send the SMS that services queue, in a process of its own; needs REDIS_URL' },
  { name: 'migrate', script: 'db:migrate', module: 'commands/migrate', first: ['up'], text: 'apply pending migrations (asks first; --yes skips the question)' },
  {
    name: 'rollback',
    script: 'db:rollback',
    module: 'commands/migrate',
    first: ['down'],
    text: 'revert the newest migration (asks first; --yes skips the question)'
  },
  { name: 'psql', module: 'commands/psql', text: 'open psql on the service\'s database' },
  { name: 'unlock', module: 'commands/unlock', placeholder: 'NUMBER', text: 'reopen a phone number that was closed after too many wrong codes' },
  { name: 'keys', module: 'commands/keys', text: 'list the keys of JWTs (rotate publishes the next one, rotate --now withdraws all, public prints the set)' },
  { name: 'numbers', module: 'commands/numbers', text: 'report accounts whose numbers are the old and the new spelling of one line' },
  { name: 'sweep', module: 'commands/sweep', text: 'reconcile storage and database after crashes (--dry-run only reports)' },
  { name: 'sms-lint', script: 'sms:lint', module: 'commands/sms-lint', text: 'print what each SMS text costs, and which rules it breaks' },
  { name: 'openapi', module: 'commands/openapi', text: 'print the OpenAPI document; its server is PUBLIC_URL' },
  { name: 'carrier', module: 'commands/carrier', text: 'serve the carrier emulator to any test suite (--port 4010)' }
]
