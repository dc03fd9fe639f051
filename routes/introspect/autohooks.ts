export { requireResourceServer as default } from '../../src/http/access.ts'
