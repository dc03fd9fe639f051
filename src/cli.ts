#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import path from 'node:path'
import { commands } from './commands/list.ts'
import { moduleExtension, version } from './process/package-info.ts'

/** The program of the package: `cheershare`, `cheershare COMMAND ARGUMENTS`. Without a command it starts the service. */
const minimumNode = 24
const [name = 'serve', ...args] = process.argv.slice(2)
const command = commands.find((known) => known.name === name)

if (Number.parseInt(process.versions.node, 10) < minimumNode) {
  process.stderr.write(`Cheershare needs Node ${minimumNode} or later; this is ${process.versions.node}\n`)
  process.exitCode = 1
} else if (command !== undefined) {
  // Stored machine code halves the processor time of a start. It is kept beside the package: others could write to Node's default,
  // a folder in the folder for temporary files. Where the folder cannot be written, the start goes on without it.
  enableCompileCache(path.resolve(import.meta.dirname, '../.cache'))
  process.argv.splice(2, Infinity, ...command.first ?? [], ...args)
  await import(`./${command.module}${moduleExtension}`)
} else if (name === '--version') {
  process.stdout.write(`${version}\n`)
} else {
  const isHelp = ['help', '--help', '-h'].includes(name)
  const width = Math.max(...commands.map(({ name, placeholder = '' }) => `${name} ${placeholder}`.length))
  const lines = commands.map(({ name, placeholder = '', text }) => `  ${`${name} ${placeholder}`.padEnd(width)}  ${text}\n`);
  (isHelp ? process.stdout : process.stderr).write(
    `${isHelp ? '' : `There is no command ${JSON.stringify(name)}.\n`}Usage: cheershare [command]\n\n${lines.join('')}`
  )
  if (!isHelp) process.exitCode = 2
}
