const commands: Array<[string, string]> = [
  ['npm run help', 'print this list'],
  ['npm start', 'start the service; without configuration, every dependency is embedded'],
  ['npm run dev', 'start the service, and restart it when a file changes'],
  ['npm run demo', 'run sign-up, SMS, receipt, verify, upload, list and image against the running service'],
  ['npm run worker', 'send the SMS that services queue, in a process of its own; needs REDIS_URL'],
  ['npm run psql', 'open psql on the service\'s database'],
  ['npm run db:new -- NAME', 'create the file of a new migration'],
  ['npm run db:migrate', 'apply pending migrations (asks first; -- --yes skips the question)'],
  ['npm run db:rollback', 'revert the newest migration (asks first; -- --yes skips the question)'],
  ['npm run unlock -- NUMBER', 'reopen a phone number that was closed after too many wrong codes'],
  ['npm run numbers', 'report accounts whose numbers are the old and the new spelling of one line'],
  ['npm run sweep', 'reconcile storage and database after crashes (-- --dry-run only reports)'],
  ['npm run sms:lint', 'print what each SMS text costs, and which rules it breaks'],
  ['npm run carrier', 'serve the carrier emulator to any test suite (-- --port 4010)'],
  ['npm run lint', 'check the style and the directions of imports'],
  ['npm run lint:fix', 'correct the style where possible'],
  ['npm run typecheck', 'check the types'],
  ['npm test', 'run the tests with coverage, on a PostgreSQL and a Redis that they start themselves'],
  ['npm run test:faults', 'kill the service under load and count SMS at the carrier (-- --kills 25)'],
  ['npm run test:servers', 'run the tests with real proxies, poolers and failovers (installs them as root on Debian)'],
  ['npm run test:browser', 'run the tests in Chromium (CHROMIUM_PATH, PATH, or installed as root on Debian)'],
  ['npm run test:zones', 'run the tests about dates in four time zones'],
  ['npm run test:s3', 'run the tests of S3 against OpenStack Swift, which it downloads (Debian)'],
  ['npm run test:faults:uploads', 'kill the service during uploads (-- --kills 25 --driver s3)'],
  ['npm run bench', 'measure the service against a bare Fastify route'],
  ['npm run docs', 'write docs/configuration.md and .env.example from the settings'],
  ['npm run build', 'build the container image'],
  ['npm run check', 'run everything that CI runs']
]

const width = Math.max(...commands.map(([command]) => command.length))
process.stdout.write(commands.map(([command, text]) => `${command.padEnd(width)}  ${text}\n`).join(''))
