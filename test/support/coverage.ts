import path from 'node:path'

/** `COVERAGE=on npm test` measures coverage, which takes a third more time, and fails below 100 %. */
export const measuresCoverage = process.env['COVERAGE'] === 'on'

/** Makes a process reuse compiled code of earlier ones. It does not fit coverage, because cached code lacks counters. */
export const compileCache = { NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, '../../.tap/compile-cache') }
