export { secretAddress as default } from '../../../src/http/access.ts'
