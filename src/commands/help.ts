const commands: Array<[string, string]> = [
  ['npm run help', 'this list'],
  ['npm start', 'start the service; with no environment at all, the whole system'],
  ['npm run dev', 'start the service, and again whenever a file changes'],
  ['npm run demo', 'walk sign-up, SMS, receipt, verify, upload, list and image against the running service'],
  ['npm run worker', 'send the SMS that services queue, in a process of its own; needs REDIS_URL'],
  ['npm run psql', 'open psql on the service\'s database'],
  ['npm run db:new -- NAME', 'make the file of a new migration'],
  ['npm run db:migrate', 'apply pending migrations (asks; -- --yes does not)'],
  ['npm run db:rollback', 'roll the newest migration back (asks; -- --yes does not)'],
  ['npm run unlock -- NUMBER', 'free a phone number that was closed after too many wrong codes'],
  ['npm run sweep', 'reconcile storage and database after crashes (-- --dry-run only reports)'],
  ['npm run sms:lint', 'what each text of an SMS costs, and which rules it breaks'],
  ['npm run carrier', 'serve the carrier emulator to any test suite (-- --port 4010)'],
  ['npm run lint', 'lint alone'],
  ['npm run lint:fix', 'lint and format'],
  ['npm run typecheck', 'types alone'],
  ['npm test', 'tests with coverage, on a real PostgreSQL and a real Redis of their own'],
  ['npm run test:faults', 'kill the service under load and count SMS at the carrier (-- --kills 25)'],
  ['npm run test:zones', 'the tests about dates, with the machine in four time zones'],
  ['npm run test:s3', 'tests of S3 against OpenStack Swift, which it downloads (Debian)'],
  ['npm run test:faults:uploads', 'kill the service during uploads (-- --kills 25 --driver s3)'],
  ['npm run bench', 'measure against a bare Fastify route'],
  ['npm run docs', 'write docs/configuration.md and .env.example from the settings'],
  ['npm run build', 'build the container image'],
  ['npm run check', 'everything that CI runs']
]

const width = Math.max(...commands.map(([command]) => command.length))
process.stdout.write(commands.map(([command, text]) => `${command.padEnd(width)}  ${text}\n`).join(''))
