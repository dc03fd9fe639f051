import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startS3Server } from './server.ts'

/** Runs the fake S3 server until a signal: `node test/s3/serve.ts --port 9000 --folder DIR`. Its objects survive a restart. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    folder: { type: 'string' },
    'access-key-id': { type: 'string', default: 'test' },
    'secret-access-key': { type: 'string', default: 'secret' },
    region: { type: 'string', default: 'us-east-1' },
    'page-size': { type: 'string', default: '1000' }
  }
})
if (values.folder === undefined) throw new Error('--folder is missing: it names the folder of the objects')

const server = await startS3Server({
  folder: values.folder,
  port: Number(values.port),
  region: values.region,
  pageSize: Number(values['page-size']),
  credentials: { accessKeyId: values['access-key-id'], secretAccessKey: values['secret-access-key'] }
})
process.stdout.write(`Fake S3 server at ${server.url}\n`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await server.close()
