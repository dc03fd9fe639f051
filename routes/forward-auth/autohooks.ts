export { requireUser as default } from '../../src/http/access.ts'
