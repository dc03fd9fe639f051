import { loadConfig } from '../config/index.ts'
import { listenAt } from '../process/listen.ts'
import { runProcess, shutDown, untilSignal } from '../process/shutdown.ts'
import { buildWorker } from '../worker.ts'

/** Sends the SMS that services queue, until SIGTERM or SIGINT: `npm run worker`. Any number of workers may run. */
await runProcess(async () => {
  const start = new AbortController()
  const signal = untilSignal(start)
  const config = loadConfig({ ...process.env, SMS_DELIVERY: 'on' }, 'worker')
  const worker = await buildWorker({ config, startSignal: start.signal }).catch((error: unknown) => {
    if (!start.signal.aborted) throw error
  })
  if (worker === undefined) return
  await listenAt(worker, 'WORKER_PORT')
  worker.log.info({ mode: config.process.mode }, 'SMS worker started')
  if (config.http.publicUrl === undefined) {
    worker.log.warn('PUBLIC_URL is unset: carriers cannot report the delivery of SMS that this worker sends')
  }
  await shutDown(worker, await signal)
  worker.log.info('SMS worker stopped')
})
