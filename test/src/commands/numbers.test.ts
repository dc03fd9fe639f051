import t from 'tap'
import { build, createEnvironment } from '../../support/helper.ts'
import { startProgram } from '../../support/program.ts'

t.test('npm run numbers reports the accounts of one line, and changes nothing', async (t) => {
  const env = await createEnvironment(t)
  const app = await build(t, { env })
  const numbers = ['+24107123456', '+918123456789', '+24177123456', '+5215512345678', '+525587654321', '+22997123456', '+2290197123456']
  const ids = new Map<string, number>()
  for (const number of numbers) {
    const insert = 'insert into users (name, phone_number) values (\'Asha\', $1) returning id'
    const { rows } = await app.pg.pool.query<{ id: number }>(insert, [number])
    ids.set(number, Number(rows[0]?.id))
  }
  const line = (old: string, current: string) =>
    `${old} (user ${ids.get(old)}) and ${current} (user ${ids.get(current)}) are one line; logins go to user ${ids.get(current)}\n`
  const program = startProgram(t, 'src/commands/numbers.ts', { hasCoverage: true, env })
  t.equal(await program.wait(), 0)
  t.equal(program.output, [
    line('+24107123456', '+24177123456'),
    line('+22997123456', '+2290197123456'),
    'pairs of accounts of one line: 2\naccounts under an old spelling alone: 1\n'
  ].join(''))
  const { rows } = await app.pg.pool.query<{ phone_number: string }>('select phone_number from users order by id')
  t.same(rows.map((row) => row.phone_number), numbers)
})
