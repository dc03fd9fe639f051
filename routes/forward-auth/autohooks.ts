export { requireLiveUser as default } from '../../src/http/access.ts'
