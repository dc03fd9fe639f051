import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import autoload from '@fastify/autoload'
import type { FastifyInstance } from 'fastify'
import { moduleExtension } from './package-info.ts'
import { StartError } from './retry-until.ts'

export interface PluginFolder {
  dir: string
  /** Selects plugins by path relative to `dir` without the extension, such as `auth/otp` or `auth/limits/index`; defaults to all. */
  isNeeded?: (file: string) => boolean
}

/**
 * Loads plugins from `<room>/<plugin>.ts` and `<room>/<plugin>/index.ts`, in the order of their dependencies.
 * The layout is checked first, because autoload skips misplaced files without a message.
 * @throws {StartError} when a file does not fit the layout
 */
export async function registerPlugins (fastify: FastifyInstance, { dir, isNeeded = () => true }: PluginFolder): Promise<void> {
  const files = (await findPluginFiles(dir)).filter((file) => isNeeded(file.slice(0, -moduleExtension.length)))
  for (const file of files) await assertPlugin(dir, file)
  const matchFilter = (file: string) => files.includes(file.slice(1))
  await fastify.register(autoload, { dir, dirNameRoutePrefix: false, forceESM: true, maxDepth: 2, matchFilter })
}

/** The module of a folder. */
const entry = `index${moduleExtension}`

/** The package has declarations of types beside its modules. */
const isModule = (file: string) => file.endsWith(moduleExtension) && !file.endsWith('.d.ts')

/**
 * Returns the files that hold a plugin, as sorted paths with slashes relative to `dir`.
 * @throws {StartError} when a file is outside a room, or hides the plugins of its room, or a folder lacks its entry
 */
export async function findPluginFiles (dir: string): Promise<string[]> {
  const files = (await readdir(dir, { recursive: true })).filter(isModule).map((file) => file.split(path.sep))
  const plugins = new Set<string>()
  for (const [room, name, ...inner] of files) {
    if (name === undefined) throw new StartError(`plugins/${room}: a plugin belongs in a room, plugins/<room>/.`)
    if (name === entry) {
      throw new StartError(`plugins/${room}/${entry} would hide the plugins beside it. Name the file after what it does.`)
    }
    plugins.add([room, name, ...inner.length === 0 ? [] : [entry]].join('/'))
  }
  const paths = files.map((file) => file.join('/'))
  const missing = [...plugins].find((plugin) => !paths.includes(plugin))
  if (missing !== undefined) {
    throw new StartError(`plugins/${missing} is missing: a folder in a room is one plugin, and ${entry} is its entry.`)
  }
  return [...plugins].sort()
}

/** fastify-plugin marks each plugin that it wraps with this symbol. */
const wrapped = Symbol.for('skip-override')

async function assertPlugin (dir: string, file: string): Promise<void> {
  const { default: plugin } = await import(pathToFileURL(path.join(dir, file)).href) as { default?: unknown }
  if (typeof plugin === 'function' && wrapped in plugin) return
  throw new StartError(`plugins/${file} does not export a plugin. A helper belongs in a plugin folder that has an ${entry}, or in src/.`)
}
