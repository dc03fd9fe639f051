import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fp from 'fastify-plugin'
import t from 'tap'
import errors from '../../../../plugins/http/errors.ts'
import webhookRoutes from '../../../../routes/webhooks/index.ts'
import type { Receipt } from '../../../../src/domain/sms/delivery.ts'
import { testSmsProvider } from '../../../contracts/sms-provider.ts'
import { compose } from '../../../support/compose.ts'
import { openGateway } from '../../../support/gateway.ts'
import { acme, createAcmeProvider } from './acme.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

const settings = { url: 'https://acme.example/send', key: 'the key' }
const unset = { url: undefined, key: undefined }
const context = { own: unset, role: 'service', isProduction: false, isQueueOnly: false, exposedHost: undefined } as const

t.test('the sample in the documentation equals the provider that these tests run', async (t) => {
  const page = await readFile(path.join(root, 'docs/providers.md'), 'utf8')
  const sample = /^```ts\n(.*?)^```$/ms.exec(page)?.[1]
  const compiled = await readFile(path.join(import.meta.dirname, 'acme.ts'), 'utf8')
  // The two files lie in different folders.
  const resolve = (code: string, folder: string) => code.replaceAll(/(?<=from ')\.[^']*/g, (specifier) => path.join(
    root, folder, specifier
  ))
  t.equal(resolve(String(sample), 'plugins/sms/providers/acme'), resolve(compiled, 'test/plugins/sms/providers'))
})

t.test('the sample passes the contract tests of providers', async (t) => {
  testSmsProvider(t, async (t) => {
    const gateway = await openGateway(t, {
      isAuthentic: ({ authorization }, _body, secret) => authorization === `Bearer ${secret}`,
      parseText: (body) => (body as { text: string }).text
    })
    return {
      gateway,
      secrets: [gateway.secret],
      open ({ url = gateway.url, timeoutMs, hasWrongCredentials = false } = {}) {
        const provider = createAcmeProvider({
          values: { url, key: hasWrongCredentials ? 'wrong' : gateway.secret },
          now: Date.now,
          ...(timeoutMs === undefined ? {} : { timeoutMs })
        })
        t.teardown(provider.close)
        return provider
      }
    }
  })
})

t.test('the sample validates its settings and is created from them', async (t) => {
  const { app } = await compose(t, [])
  const provider = await acme.create(app, settings)
  t.match(provider, { name: 'acme', channels: acme.channels(settings) })
  await provider.close()
  const findProblems = (isSelected: boolean, isUnset: boolean) => acme.rules.flatMap(
    ({ check }) => check({ ...context, isSelected }, () => isUnset)
  )
  t.match(findProblems(true, true), [/^ACME_URL is missing/, /^ACME_KEY is missing/])
  t.same(findProblems(true, false), [])
  t.same(findProblems(false, true), [])
})

t.test('the sample has its own receipt route, which accepts JSON with its key', async (t) => {
  const recorded: Receipt[] = []
  const receipts = fp(async (fastify) => {
    t.equal(await acme.createReceiptSource?.(fastify, unset), undefined, 'there are no receipts without a key')
    const source = await acme.createReceiptSource?.(fastify, settings)
    if (source === undefined) throw new Error('the sample reads no receipts')
    fastify.decorate('receipts', { sources: new Map([['acme', source]]), record: async (receipt: Receipt) => { recorded.push(receipt) } })
  })
  const { app } = await compose(t, [
    errors, receipts, async (fastify) => { await fastify.register(webhookRoutes, { prefix: '/webhooks' }) }
  ])
  const report = async (key: string, payload: object) => {
    return (await app.inject({
      method: 'POST', url: '/webhooks/acme/status', headers: { authorization: `Bearer ${key}` }, payload
    })).statusCode
  }
  t.equal(await report('another key', { id: 'one', state: 'failed' }), 403)
  t.equal(await report(settings.key, { id: 'one', state: 'unknown' }), 400)
  t.equal(await report(settings.key, { id: 'one', state: 'delivered' }), 204)
  t.same(recorded, [{ provider: 'acme', deliveryId: 'one', messageId: 'one', status: 'delivered' }])
})
