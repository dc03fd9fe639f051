import path from 'node:path'
import Fastify from 'fastify'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import { findPluginFiles, registerPlugins } from '../../../src/process/plugin-files.ts'
import { StartError } from '../../../src/process/retry-until.ts'
import { build } from '../../support/helper.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const meta = Symbol.for('plugin-meta')

/** The source of a plugin that adds its name to the instance's list `loaded`. */
const pluginCode = (name: string) => `
const plugin = async (fastify) => { fastify.loaded.push('${name}') }
plugin[Symbol.for('skip-override')] = true
plugin[Symbol.for('plugin-meta')] = { name: '${name}' }
export default plugin
`

declare module 'fastify' {
  interface FastifyInstance { loaded: string[] }
}

async function load (t: Test, files: Parameters<Test['testdir']>[0], isNeeded?: (file: string) => boolean): Promise<string[]> {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  app.decorate('loaded', [])
  await app.register(fp(async (fastify) => {
    await registerPlugins(fastify, {
      dir: t.testdir(files), ...(isNeeded === undefined ? {} : { isNeeded })
    })
  }))
  await app.ready()
  return app.loaded.sort()
}

t.test('the service loads every plugin file exactly once, each under a name of its own', async (t) => {
  const app = await build(t)
  const files = await findPluginFiles(path.join(root, 'plugins'))
  const names = await Promise.all(files.map(async (file) => {
    const { default: plugin } = await import(path.join(root, 'plugins', file)) as { default: { [meta]: { name: string } } }
    return plugin[meta].name
  }))
  t.equal(new Set(names).size, files.length)
  const registered = [...app.printPlugins().matchAll(/[├└]─[─┬] (\S+)/g)].map(([, name = '']) => name)
  for (const [index, name] of names.entries()) {
    t.equal(
      registered.filter((each) => each === name).length, 1, `plugins/${files[index]}: ${name}`
    )
  }
})

t.test('files of a room and folders with an index.ts are plugins; files beside an index.ts and deeper folders are helpers', async (t) => {
  const files = {
    'README.md': '',
    room: {
      'first.ts': pluginCode('first'),
      second: {
        'index.ts': pluginCode('second'), 'helper.ts': 'throw new Error()', inner: { 'index.ts': 'throw new Error()' }
      }
    },
    other: { 'third.ts': pluginCode('third') }
  }
  t.same(await load(t, files), ['first', 'second', 'third'])
})

t.test('plugins that are not needed are neither loaded nor imported', async (t) => {
  const files = { room: { 'first.ts': pluginCode('first'), 'second.ts': 'throw new Error()' } }
  t.same(await load(t, files, (file) => file === 'room/first'), ['first'])
})

const plugin = pluginCode('some')
const refusals: Array<{ title: string, files: Parameters<Test['testdir']>[0], message: string }> = [
  {
    title: 'a file outside a room is refused',
    files: { 'stray.ts': plugin },
    message: 'plugins/stray.ts: a plugin belongs in a room, plugins/<room>/.'
  },
  {
    title: 'an index.ts in a room is refused, because autoload would skip the plugins beside it',
    files: { room: { 'index.ts': plugin, 'some.ts': plugin } },
    message: 'plugins/room/index.ts would hide the plugins beside it. Name the file after what it does.'
  },
  {
    title: 'a plugin folder without an index.ts is refused',
    files: { room: { some: { 'helper.ts': plugin } } },
    message: 'plugins/room/some/index.ts is missing: a folder in a room is one plugin, and index.ts is its entry.'
  },
  {
    title: 'a helper beside the plugins of a room is refused',
    files: { room: { 'some.ts': plugin, 'helper.ts': 'export function help () {}' } },
    message: 'plugins/room/helper.ts does not export a plugin. A helper belongs in a plugin folder that has an index.ts, or in src/.'
  },
  {
    title: 'a default export that is not wrapped by fastify-plugin is refused',
    files: { room: { 'helper.ts': 'export default function help () {}' } },
    message: 'plugins/room/helper.ts does not export a plugin. A helper belongs in a plugin folder that has an index.ts, or in src/.'
  }
]
for (const { title, files, message } of refusals) {
  t.test(title, async (t) => {
    const error = await load(t, files).catch((error: unknown) => error)
    t.ok(error instanceof StartError)
    t.match(error, { message })
  })
}
