import t from 'tap'
import { buildShop } from '../../examples/embedded/app.ts'
import { build } from '../support/helper.ts'
import { createSettings } from '../support/hosts.ts'
import { startPlainNginx } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'

/** Every address in the pages of the service must be below its path: a proxy or a host has other things beside it. */
const places = {
  'behind nginx, which removes the path': async () => {
    const app = await build(t, { env: { PUBLIC_URL: 'https://x.example/api' } })
    return `http://127.0.0.1:${await startPlainNginx(t, await listen(app), '/api')}/api`
  },
  'as a plugin with a prefix': async () => {
    const app = await buildShop({ ...await createSettings(t, '/auth'), DEV_INBOX: true })
    t.teardown(async () => { await app.close() })
    return `${await app.listen({ port: 0 })}/auth`
  }
}

for (const [title, start] of Object.entries(places)) {
  t.test(`the pages work ${title}`, async (t) => {
    const base = await start()
    for (const page of ['/docs', '/docs/', '/docs?x=1']) {
      const body = await (await fetch(`${base}${page}`)).text()
      t.match(body, '<title>Cheershare API</title>')
      const references = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference = '']) => new URL(reference, `${base}${page}`).href)
      t.ok(references.length >= 8, page)
      for (const url of references) t.equal((await fetch(url)).status, 200, url)
    }
    t.match(await (await fetch(`${base}/docs/static/theme/page.js`)).text(), 'width=device-width')
    const { servers } = await (await fetch(`${base}/docs/json`)).json() as { servers: Array<{ url: string }> }
    t.equal(new URL(servers[0]?.url ?? '').pathname, new URL(base).pathname)
    t.equal((await fetch(`${base}/dev/inbox.json`)).status, 200)
  })
}
