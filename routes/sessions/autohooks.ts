export { signedIn as default } from '../../src/http/require-user.ts'
