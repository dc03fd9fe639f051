export { anyone as default } from '../../src/http/access.ts'
