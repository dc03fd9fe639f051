export { providerSignature as default } from '../../src/http/access.ts'
