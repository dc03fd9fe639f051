import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { catalogue } from '../src/http/errors.ts'
import { build } from './support/helper.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = async (name: string) => await readFile(path.join(root, name), 'utf8')
const pages = (await Array.fromAsync(glob('{*.md,docs/*.md}', { cwd: root }))).sort()

/** Returns the anchor that GitHub creates for a heading. */
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')

t.test('every link between pages has a target', async (t) => {
  t.ok(pages.length >= 9)
  for (const page of pages) {
    for (const [, target = ''] of (await read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (target.startsWith('https://')) continue
      const [file = '', anchor] = target.split('#')
      const name = file === '' ? page : path.join(path.dirname(page), file)
      t.ok(existsSync(path.join(root, name)), `${page}: ${target}`)
      if (anchor === undefined) continue
      const anchors = [...(await read(name)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
      t.ok(anchors.includes(anchor), `${page}: ${target}`)
    }
  }
})

t.test('every npm script that the pages name exists', async (t) => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  for (const page of pages) {
    for (const [, name = ''] of (await read(page)).matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g)) t.ok(scripts[name], `${page}: ${name}`)
  }
})

t.test('the overview of the API lists every route and every error', async (t) => {
  const app = await build(t)
  const { paths } = (await app.inject({ url: '/docs/json' })).json<{ paths: Record<string, Record<string, { summary: string }>> }>()
  const overview = await read('docs/api.md')
  const routes = Object.entries(paths).flatMap(([url, methods]) => Object.entries(methods).map(([method, { summary }]) => ({
    name: `${method.toUpperCase()} ${url}`, summary
  })))
  t.same([...overview.matchAll(/^\| `([A-Z]+ \S+)`/gm)].map(([, name]) => name).sort(), routes.map(({ name }) => name).sort())
  for (const { name, summary } of routes) {
    t.match(
      overview, new RegExp(`\\| \`${RegExp.escape(name)}\` \\| .* \\| ${RegExp.escape(summary)} \\|`), name
    )
  }
  t.same([...overview.matchAll(/^\| (\d+) \| `(CHR_\w+)` \| (.*) \|$/gm)].map(([, statusCode, code, sentence]) => [code, {
    statusCode: Number(statusCode), sentence
  }]), Object.entries(catalogue))
})

t.test('package, changelog and API documentation have one version', async (t) => {
  const { version } = JSON.parse(await read('package.json')) as { version: string }
  const app = await build(t)
  t.equal((await app.inject({ url: '/docs/json' })).json<{ info: { version: string } }>().info.version, version)
  t.equal(/^## (\S+)/m.exec(await read('CHANGELOG.md'))?.[1], version)
})
