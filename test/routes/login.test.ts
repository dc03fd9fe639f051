import t from 'tap'
import { build, signUp } from '../helper.ts'

t.test('a new user signs up and is let in', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { data: 'Protected' })
})
