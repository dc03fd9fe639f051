import { commands as packageCommands } from './list.ts'

/** Prints the npm scripts of a checkout: `npm run help`. */
const ofPackage = packageCommands.map(({ name, script = name, placeholder, text }): [string, string] => [
  `npm ${script === 'start' ? '' : 'run '}${script}${placeholder === undefined ? '' : ` -- ${placeholder}`}`, text
])

const commands: Array<[string, string]> = [
  ['npm run help', 'print this list'],
  ...ofPackage,
  ['npm run dev', 'start the service, and restart it when a file changes'],
  ['npm run db:new -- NAME', 'create the file of a new migration'],
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
  ['npm run test:package', 'install the package into an empty folder on bare Nodes, and run it'],
  ['npm run test:document', 'lint docs/openapi.json, and compile the clients of three generators (installs its tools)'],
  ['npm run bench', 'measure the service against a bare Fastify route'],
  ['npm run docs', 'write docs/configuration.md and .env.example from the settings'],
  ['npm run build', 'build the package into dist/'],
  ['npm run docker:build', 'build the container image'],
  ['npm run check', 'run everything that CI runs']
]

const width = Math.max(...commands.map(([command]) => command.length))
process.stdout.write(commands.map(([command, text]) => `${command.padEnd(width)}  ${text}\n`).join(''))
