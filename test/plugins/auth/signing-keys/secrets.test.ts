import { rm } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { signUp } from '../../../support/helper.ts'
import { createCluster } from '../../../support/instances.ts'
import { getJwt, statusOf } from '../../../support/jwts.ts'

const [first, second] = ['first '.repeat(6).trim(), 'second '.repeat(6).trim()]

t.test('APP_SECRET rotates in two deployments, and JWTs of before stay valid', async (t) => {
  const cluster = await createCluster(t)
  const before = await cluster.start({ APP_SECRET: first })
  const { token } = await signUp(before)
  const jwt = await getJwt(before, token)
  const kid = before.signingKeys.signer().id
  // Instances of the deployment before run beside each new one.
  for (const APP_SECRET of [`${first},${second}`, `${second},${first}`, second]) {
    const after = await cluster.start({ APP_SECRET })
    t.equal(after.signingKeys.signer().id, kid, 'the key is the same')
    t.equal(await statusOf(after, jwt), 200)
    t.equal(await statusOf(before, await getJwt(after, token)), 200)
    t.equal(await statusOf(after, await getJwt(before, token)), 200)
    const { rows } = await after.pg.pool.query('select secret_id from signing_keys')
    t.same(rows, [{ secret_id: after.secrets.keyring.current.id }], 'it is sealed under the first secret')
  }
})

t.test('a start without the secret that seals a key fails with a sentence, and changes nothing', async (t) => {
  const cluster = await createCluster(t)
  const app = await cluster.start({ APP_SECRET: first })
  const { id } = app.signingKeys.signer()
  await t.rejects(cluster.start({ APP_SECRET: second }), {
    name: 'StartError', message: new RegExp(`^APP_SECRET lacks the secret that seals the signing key ${id}: append the earlier secret`)
  })
  await app.signingKeys.refresh()
  t.equal(app.signingKeys.signer().id, id)
  t.equal((await cluster.start({ APP_SECRET: `${second},${first}` })).signingKeys.signer().id, id)
})

t.test('a generated secret that is lost takes its keys with it, and the service makes new ones', async (t) => {
  const cluster = await createCluster(t)
  const app = await cluster.start()
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const { id } = app.signingKeys.signer()
  await rm(path.join(String(cluster.env['DATA_DIR']), 'app-secret'))
  const other = await cluster.start()
  t.not(other.signingKeys.signer().id, id)
  t.equal(await statusOf(other, jwt), 401)
  t.equal(await statusOf(other, await getJwt(other, token)), 200)
})
