import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { encodeDatedCursor } from '../../../src/domain/http/cursors.ts'
import { ask, seedCreative } from '../../support/creatives.ts'
import { build, signUp, type Session } from '../../support/helper.ts'

async function list (app: FastifyInstance, session: Session, query = ''): Promise<{ ids: number[], next: string | null }> {
  const response = await ask(app, session, `/creatives?${query}`)
  if (response.statusCode !== 200) throw new Error(response.body)
  const { creatives, next_cursor: next } = response.json<{ creatives: Array<{ id: number }>, next_cursor: string | null }>()
  return { ids: creatives.map(({ id }) => id), next }
}

/** Creates drafts (1 and 4), creatives with dates (2, 3, 5 and 6) and one of another user (7). */
async function arrange (t: Parameters<typeof build>[0]) {
  const app = await build(t)
  const [session, other] = [await signUp(app), await signUp(app)]
  for (const date of [null, '2030-01-10', '2030-01-12', null, '2030-01-10', '2030-01-11']) {
    await seedCreative(app, {
      ownerId: session.userId, date, title: 'Holi'
    })
  }
  await seedCreative(app, { ownerId: other.userId })
  return { app, session, other }
}

t.test('GET /creatives lists the creatives of the caller: drafts first, then by descending date, then by descending id', async (t) => {
  const { app, session, other } = await arrange(t)
  t.same(await list(app, session), { ids: [4, 1, 3, 6, 5, 2], next: null })
  t.same(await list(app, other), { ids: [7], next: null })
  await app.pg.pool.query('update creatives set deleted_at = now() where id in (4, 6)')
  t.same((await list(app, session)).ids, [1, 3, 5, 2])
  t.match((await ask(app, session, '/creatives?limit=1')).json().creatives[0], {
    id: 1, scheduled_at: null, title: 'Holi', alt_text: null, version: 1, preview_url: /variant=preview/
  })
  t.equal((await app.inject({ url: '/creatives' })).statusCode, 401)
})

t.test('from and to are inclusive, and exclude drafts unless the query includes them', async (t) => {
  const { app, session } = await arrange(t)
  const rows: Array<[string, number[]]> = [
    ['from=2030-01-11', [3, 6]], ['to=2030-01-10', [5, 2]], ['from=2030-01-10&to=2030-01-11', [6, 5, 2]],
    ['from=2030-01-11&to=2030-01-11', [6]],
    ['from=2031-01-01', []], ['from=2030-01-12&drafts=include', [4, 1, 3]], ['drafts=only', [4, 1]], ['drafts=exclude', [3, 6, 5, 2]],
    ['drafts=only&from=2030-01-01', [4, 1]]
  ]
  for (const [query, ids] of rows) t.same((await list(app, session, query)).ids, ids, query)
})

t.test('pages of every size add up to the same list', async (t) => {
  const { app, session } = await arrange(t)
  for (const filter of ['', 'drafts=only', 'from=2030-01-10', 'drafts=include&to=2030-01-11']) {
    const { ids: all } = await list(app, session, filter)
    for (const limit of [1, 2, 3, 4, 6]) {
      const ids: number[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof list>> = await list(
          app, session, `${filter}&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`
        )
        t.ok(page.ids.length <= limit)
        ids.push(...page.ids)
        cursor = page.next
      }
      t.same(ids, all, `${filter} by ${limit}`)
    }
  }
})

t.test('pages neither repeat nor skip creatives while others are created and deleted', async (t) => {
  const { app, session } = await arrange(t)
  const first = await list(app, session, 'limit=3')
  t.same(first.ids, [4, 1, 3])
  for (const date of [null, '2030-01-12', '2030-02-01', '2030-01-11']) await seedCreative(app, { ownerId: session.userId, date })
  await app.pg.pool.query('delete from creatives where id in (3, 5)')
  const second = await list(app, session, `limit=3&cursor=${first.next}`)
  t.same(second, { ids: [11, 6, 2], next: null }, 'no creative is repeated or skipped, and 11 is new and sorted after the cursor')
})

t.test('an invalid date, range or cursor is refused with a message', async (t) => {
  const { app, session } = await arrange(t)
  const validCursor = encodeDatedCursor({ date: '2030-01-10', id: 5 })
  t.same((await list(app, session, `cursor=${validCursor}`)).ids, [2], 'a valid cursor is accepted')
  const queries: Array<[string, RegExp]> = [
    ['from=2030-02-30', /field \\"from\\" must be a calendar date/], ['to=tomorrow', /to/], ['from=2030-1-1', /from/],
    ['from=infinity', /from/], ['from=', /from/],
    ['from=2030-01-02&to=2030-01-01', /must not be after/], ['drafts=maybe', /drafts/], ['limit=0', /limit/],
    ['limit=501', /limit/], ['owner=2', /owner/],
    [`cursor=${encodeDatedCursor({ date: '2030-02-30', id: 1 })}`, /cursor/],
    [`cursor=${encodeDatedCursor({ date: null, id: 2 ** 60 })}`, /cursor/],
    [`cursor=${validCursor}x`, /cursor/], [`cursor=${validCursor.slice(0, -1)}`, /cursor/], ['cursor=', /cursor/],
    ['cursor=draft', /cursor/], [`cursor=${validCursor}&cursor=${validCursor}`, /cursor/]
  ]
  for (const [query, message] of queries) t.match(await ask(app, session, `/creatives?${query}`), { statusCode: 400, body: message }, query)
})

t.test('the export contains drafts with all their fields', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await seedCreative(app, { ownerId: session.userId, date: null, title: 'Holi', altText: 'Two people throw colours' })
  await seedCreative(app, { ownerId: session.userId, date: '2030-01-10' })
  await app.pg.pool.query('update creatives set deleted_at = now() where id = 2')
  const { creatives } = (await ask(app, session, '/me/export')).json()
  t.match(creatives, [{
    id: 1,
    scheduled_at: null,
    title: 'Holi',
    alt_text: 'Two people throw colours',
    version: 1,
    width: Number,
    removed: Array,
    thumbnail_url: /signature=/
  }])
})
