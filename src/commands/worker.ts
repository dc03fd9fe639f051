import { loadConfig } from '../config/index.ts'
import { listenAt } from '../process/listen.ts'
import { runProcess, shutDown, untilSignal } from '../process/shutdown.ts'
import { buildWorker } from '../worker.ts'

/** Sends the SMS that services queue, until SIGTERM or SIGINT: `npm run worker`. Any number of workers may run. */
await runProcess(async () => {
  const stop = new AbortController()
  const signal = untilSignal(stop)
  // A worker closes without a drain, because no balancer sends requests to it.
  const config = loadConfig({ ...process.env, SMS_DELIVERY: 'on', DRAIN_SECONDS: '0' }, 'worker')
  const worker = await buildWorker({ config, startSignal: stop.signal, stopSignal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
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
