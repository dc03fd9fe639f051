import t from 'tap'
import { explainFailure } from '../../../src/redis/failures.ts'

const errorWith = (code: string) => Object.assign(new Error(`refused ${code}`), { code })

t.test('an error of TLS says how to correct it', async (t) => {
  const advice: Array<[code: string, advice: RegExp]> = [
    ['SELF_SIGNED_CERT_IN_CHAIN', /set REDIS_CA/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /set REDIS_CA/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /set REDIS_CA/],
    ['UNABLE_TO_GET_ISSUER_CERT', /set REDIS_CA/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /set REDIS_CA/],
    ['CERT_SIGNATURE_FAILURE', /set REDIS_CA/],
    ['CERT_HAS_EXPIRED', /has expired .*; renew it/],
    ['CERT_NOT_YET_VALID', /correct the clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /\?servername=/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /set REDIS_CERT and REDIS_KEY/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /set REDIS_CERT and REDIS_KEY/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not use TLS/]
  ]
  for (const [code, expected] of advice) {
    const error = errorWith(code)
    t.match(explainFailure(error), { message: expected, cause: error }, code)
    t.match(explainFailure(error).message, `(${code})`)
  }
  const closed = errorWith('ECONNRESET')
  t.match(explainFailure(closed), { message: /if it requires a client certificate/ })
  t.equal(explainFailure(closed, { isEncrypted: false }), closed)
  const other = errorWith('ECONNREFUSED')
  t.equal(explainFailure(other), other, 'another error stays as it is')
})
