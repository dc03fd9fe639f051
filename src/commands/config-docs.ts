import { documentedSettings } from '../config/settings.ts'

/** `.env.example`: every variable commented out, with its default and meaning. */
export function envExample (): string {
  const head = [
    '# This file lists every variable that the service reads. On a single machine all may be unset; with NODE_ENV=production, those',
    '# without a default must be set. Docker Compose reads a copy named .env; without Docker, start the service by:',
    '#   npx node --env-file=.env src/server.ts',
    '',
    '# For Docker Compose alone: passwords of its PostgreSQL and Redis (letters and digits, since they go into URLs)',
    '# POSTGRES_PASSWORD=',
    '# REDIS_PASSWORD='
  ]
  const rest = documentedSettings.flatMap(([heading, settings]) => [
    '', `# --- ${heading} ---`,
    ...settings.flatMap(({ name, initial = '', description }) => ['', `# ${description}`, `# ${name}=${initial}`])
  ])
  return [...head, ...rest, ''].join('\n')
}

/** `docs/configuration.md`: a table of variables for each group of settings. */
export function configurationPage (): string {
  const head = [
    '# Configuration',
    '',
    'The service reads environment variables. On a single machine all may be unset; `NODE_ENV=production` allows no embedded default.',
    'A blank variable counts as unset. The start reports every variable that is missing, is malformed or contradicts another.',
    'The values of switches are `on` and `off`, or `true` and `false`.',
    '',
    'This page and [.env.example](../.env.example) are written by `npm run docs` from `src/config/`.'
  ]
  const tables = documentedSettings.flatMap(([heading, settings]) => [
    '', `## ${heading}`, '', '| variable | default | meaning |', '| --- | --- | --- |',
    ...settings.map(
      ({ name, initial, description }) => `| \`${name}\` | ${initial === undefined ? '' : `\`${initial}\``} | ${description} |`
    )
  ])
  return [...head, ...tables, ''].join('\n')
}
