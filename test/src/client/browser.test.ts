import t from 'tap'
import { deviceTokensIn, readSmsCode } from '../../../src/client/index.ts'

t.test('a device token is kept in a storage, under one key', async (t) => {
  const values = new Map<string, string>()
  const storage = { getItem: (key: string) => values.get(key) ?? null, setItem (key: string, value: string) { values.set(key, value) } }
  const tokens = deviceTokensIn(storage)
  t.equal(await tokens.get(), undefined)
  await tokens.set('A')
  t.equal(await tokens.get(), 'A')
  t.equal(await deviceTokensIn(storage, 'other').get(), undefined)
  t.same([...values.keys()], ['cheershare_device_token'])
})

t.test('a storage that refuses access does not stop a login', async (t) => {
  const refuse = () => { throw new Error('SecurityError') }
  const tokens = deviceTokensIn({ getItem: refuse, setItem: refuse })
  t.equal(await tokens.get(), undefined)
  await tokens.set('A')
})

t.test('a code is read by WebOTP where the browser has it', async (t) => {
  const { signal } = new AbortController()
  const asked: unknown[] = []
  const credentials = (answer: () => unknown) => ({
    async get (options: object) {
      asked.push(options)
      return answer()
    }
  })
  t.equal(await readSmsCode(credentials(() => ({ code: '123456' })), signal), '123456')
  t.equal(await readSmsCode(credentials(() => null)), undefined)
  t.equal(await readSmsCode(credentials(() => { throw new Error('AbortError') })), undefined)
  t.equal(await readSmsCode(undefined), undefined)
  t.same(asked, [{ otp: { transport: ['sms'] }, signal }, { otp: { transport: ['sms'] } }, { otp: { transport: ['sms'] } }])
})
