import t from 'tap'
import { EnvironmentReader, SettingError, type Setting } from '../../../src/config/setting.ts'

const createSetting = (error: Error): Setting<string> => ({
  name: 'NUMBER',
  description: 'A setting whose parser fails on each value',
  initial: undefined,
  parse (text) {
    if (text !== undefined) throw error
    return 'unset'
  }
})

t.test('a malformed variable is reported, and counts as unset', async (t) => {
  const reader = new EnvironmentReader({ NUMBER: 'x' })
  const setting = createSetting(new SettingError(['NUMBER is not a number', 'NUMBER is too short']))
  t.strictSame(reader.read({ setting }), { setting: 'unset' })
  t.strictSame(reader.problems, ['NUMBER is not a number', 'NUMBER is too short'])
  t.ok(reader.isMalformed(setting))
})

t.test('an error in the code of a parser is not reported as a malformed variable', async (t) => {
  const error = new TypeError('a mistake in the parser')
  t.throws(() => new EnvironmentReader({ NUMBER: 'x' }).read({ setting: createSetting(error) }), error)
})
