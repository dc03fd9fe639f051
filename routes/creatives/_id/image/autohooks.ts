export { linkOrUser as default } from '../../../../src/http/access.ts'
