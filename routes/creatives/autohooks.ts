export { signedIn as default } from '../../src/signed-in.ts'
