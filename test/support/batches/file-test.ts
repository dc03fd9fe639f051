import { currentTest } from './run.ts'

/** Replaces `tap` in one test file of a batch; each file imports a separate instance of this module. */
export default currentTest()
