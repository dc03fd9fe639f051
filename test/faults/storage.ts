import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '../support/services/redis.ts'

export const drivers = ['file', 's3'] as const
export type Driver = typeof drivers[number]

export interface Storage {
  /** Settings that make the service store its images there. */
  env: Record<string, string>
  stop (): Promise<void>
}

/** Opens the storage of the service: a folder, or the fake S3 server as a process that outlives every kill. */
export async function openStorage (driver: Driver, folder: string): Promise<Storage> {
  return driver === 'file' ? { env: {}, stop: async () => {} } : await startS3(path.join(folder, 's3'))
}

const program = path.resolve(import.meta.dirname, '../s3/serve.ts')

async function startS3 (folder: string): Promise<Storage> {
  const port = await freePort()
  const child = spawn(process.execPath, [program, '--port', String(port), '--folder', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  while (!await client.send(new CreateBucketCommand({ Bucket: 'creatives' })).then(() => true, () => false)) await sleep(50)
  client.destroy()
  return {
    env: {
      STORAGE_URL: `s3://creatives/test?endpoint=${endpoint}`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey
    },
    async stop () {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }
}
