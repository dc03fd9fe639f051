export { thisMachine as default } from '../../src/http/access.ts'
