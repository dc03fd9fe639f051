import { ConfigSchema } from '../config/index.ts'

interface Variable { name: string, initial: string | undefined, description: string }

const variables: Variable[] = Object.entries(ConfigSchema.properties).map(([name, schema]) => ({
  name,
  initial: schema.default === undefined ? undefined : String(schema.default),
  description: String(schema.description)
}))

/** `.env.example`: every variable commented out, with its default and meaning. */
export function envExample (): string {
  const head = [
    '# Every variable the service reads. All may stay unset on one machine; with NODE_ENV=production those without a',
    '# default must be set. Docker Compose reads a copy named .env; for "npm start" run: npx node --env-file=.env src/server.ts',
    '',
    '# For Docker Compose alone: passwords of its PostgreSQL and Redis (letters and digits, since they go into URLs)',
    '# POSTGRES_PASSWORD=',
    '# REDIS_PASSWORD='
  ]
  const rest = variables.flatMap(({ name, initial, description }) => ['', `# ${description}`, `# ${name}=${initial ?? ''}`])
  return [...head, ...rest, ''].join('\n')
}

/** The README's table. */
export function configTable (): string {
  const rows = variables.map(({ name, initial, description }) => `| \`${name}\` | ${initial === undefined ? '' : `\`${initial}\``} | ${description} |`)
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

const start = '<!-- configuration: made by "npm run docs" -->'
const end = '<!-- end of configuration -->'

/** The README with today's table between its marks. */
export function withConfigTable (readme: string): string {
  const [before = '', rest = ''] = readme.split(start)
  return `${before}${start}\n${configTable()}\n${end}${rest.split(end)[1] ?? ''}`
}
