export { operator as default } from '../../src/http/access.ts'
