import { currentTest } from './run.ts'

/** Stands in for `tap` in one test file of a batch; each file imports an instance of this module of its own. */
export default currentTest()
