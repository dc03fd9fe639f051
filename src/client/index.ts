/**
 * The client of Cheershare for browsers, apps and Node: typed requests, and the steps of a login without a user interface.
 * `docs/clients.md` explains both.
 */
export { createClient, type CheershareClient, type ClientOptions, type Failure } from './http.ts'
export { createLoginFlow, type LoginFlow, type LoginFlowOptions, type SessionKind } from './login-flow.ts'
export type { LoginProblem, LoginProblemKind } from './login-problem.ts'
export { deviceTokensIn, type Delivery, type DeviceTokens, type LoginState, type LoginStep, type SignedIn, type StringStorage } from './login-state.ts'
export { readSmsCode, type OtpCredentials } from './web-otp.ts'
export type { components, operations, paths } from './api.ts'
