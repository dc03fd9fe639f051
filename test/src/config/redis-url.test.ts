import t from 'tap'
import { parseRedisUrls, readPem, splitRedisUrls, type RedisServer } from '../../../src/config/redis-url.ts'
import { certificate, key } from '../../fixtures/tls.ts'

const plain: RedisServer = {
  nodes: [{ host: 'redis', port: 6379 }],
  isCluster: false,
  username: undefined,
  password: undefined,
  database: 0,
  family: 0,
  tls: undefined,
  sentinel: undefined
}
const noSentinelUser = { masterName: 'main', username: undefined, password: undefined, isEncrypted: false }
const tls = { ca: undefined, cert: undefined, key: undefined, servername: undefined, rejectUnauthorized: true }

const parse = (text: string) => parseRedisUrls(splitRedisUrls(text))

t.test('a server, the nodes of a cluster and the sentinels of a master are read from the URL', async (t) => {
  const servers: Array<[text: string, expected: Partial<RedisServer>]> = [
    ['redis://redis', {}],
    ['redis://redis:7000/3', { nodes: [{ host: 'redis', port: 7000 }], database: 3 }],
    ['redis://us%40er:p%2Css@redis?db=2&family=6', { username: 'us@er', password: 'p,ss', database: 2, family: 6 }],
    ['redis://:secret@[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], password: 'secret' }],
    ['redis:///1', { nodes: [{ host: 'localhost', port: 6379 }], database: 1 }],
    ['redis://a,redis://b:7000', { nodes: [{ host: 'a', port: 6379 }, { host: 'b', port: 7000 }], isCluster: true }],
    ['redis://redis,', {}],
    ['rediss://redis', { tls }],
    [
      'rediss://redis?servername=redis.example&rejectUnauthorized=false',
      { tls: { ...tls, servername: 'redis.example', rejectUnauthorized: false } }
    ],
    [
      'redis+sentinel://one,two:7000,[::1]:7001/main',
      {
        nodes: [{ host: 'one', port: 26379 }, { host: 'two', port: 7000 }, { host: '::1', port: 7001 }],
        sentinel: noSentinelUser
      }
    ],
    [
      ' redis+sentinel://us%40er:p:a%2Css@one:26379/main/4?sentinelUsername=s&sentinelPassword=a%20b ',
      {
        nodes: [{ host: 'one', port: 26379 }],
        username: 'us@er',
        password: 'p:a,ss',
        database: 4,
        sentinel: { ...noSentinelUser, username: 's', password: 'a b' }
      }
    ],
    ['rediss+sentinel://redis:6379/main', { tls, sentinel: { ...noSentinelUser, isEncrypted: true } }],
    ['rediss+sentinel://redis:6379/main?sentinelTls=off', { tls, sentinel: noSentinelUser }]
  ]
  for (const [text, expected] of servers) t.strictSame(parse(text), { ...plain, ...expected }, text)
})

t.test('certificates come from the files of the URL, or else from the settings', async (t) => {
  const folder = t.testdir({ 'ca.pem': certificate, 'key.pem': key })
  const files = `ca=${folder}/ca.pem&cert=${folder}/ca.pem&key=${folder}/key.pem`
  t.match(parse(`rediss://redis?${files}`).tls, { ca: certificate, cert: certificate, key })
  t.match(parseRedisUrls(['rediss://redis'], { ca: 'other' }).tls, { ca: 'other', cert: undefined })
  t.match(parseRedisUrls([`rediss://redis?ca=${folder}/ca.pem`], { ca: 'other' }).tls, { ca: certificate })
  t.equal(parseRedisUrls(['redis://redis'], { ca: 'other' }).tls, undefined)
  t.equal(readPem(certificate), certificate, 'a setting may hold the text itself')
})

t.test('a malformed URL is refused with a sentence that holds no secret', async (t) => {
  const folder = t.testdir({ 'empty.pem': 'hunter2' })
  const refused: Array<[text: string, sentence: RegExp]> = [
    ['http://:hunter2@redis', /^is not a URL that begins with redis:/],
    ['redis://one,two', /^is not a URL that begins with redis:/],
    ['redis://:hunter%2@redis', /^has a % that begins no escape/],
    ['redis://redis/name', /^has a path that is not the number of a database/],
    ['redis://redis?db=x', /^has a malformed db/],
    ['redis://redis?family=5', /^has a malformed family/],
    ['redis://redis?hunter2=x', /^has an unknown parameter; the known ones are ca, cert, key, /],
    ['redis://redis?db=1&db=2', /^has db twice/],
    ['redis://redis?ca=/ca.pem', /^has parameters of TLS/],
    ['redis://redis?rejectUnauthorized=false', /^has parameters of TLS/],
    ['rediss://redis?rejectUnauthorized=never', /^has a malformed rejectUnauthorized/],
    ['rediss://redis?servername=', /^has a malformed servername/],
    ['rediss://redis?ca=/no/such/file', /^names a file that cannot be read \(ENOENT\)/],
    [`rediss://redis?ca=${folder}/empty.pem`, /^names a file without a PEM text/],
    ['redis+sentinel://:hunter2@one:26379', /^does not name the master/],
    ['redis+sentinel://one:26379/', /^does not name the master/],
    ['redis+sentinel://one:26379/main/0/x', /^does not name the master/],
    ['redis+sentinel://one:26379/main/x', /^has a path that is not the number of a database/],
    ['redis+sentinel://one:26379,,two/main', /^has a malformed list of sentinels/],
    ['redis+sentinel://one:x/main', /^has a malformed list of sentinels/],
    ['redis+sentinel:///main', /^has a malformed list of sentinels/],
    ['redis+sentinel:one/main', /^is not a URL that begins with redis:/]
  ]
  for (const [text, sentence] of refused) {
    t.throws(() => parse(text), { name: 'TypeError', message: sentence }, text)
    try { parse(text) } catch (error) { t.notMatch(String(error), 'hunter2', text) }
  }
  t.throws(() => parseRedisUrls(['rediss://redis'], { cert: certificate }), /^.*has only one of cert and key/)
})
