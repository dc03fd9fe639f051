import { loadConfig } from './config/index.ts'
import { buildInstance } from './process/instance.ts'
import { listenAt } from './process/listen.ts'
import { runProcess, shutDown, untilSignal } from './process/shutdown.ts'
import { printWelcome } from './process/welcome.ts'

/** The process of the service: environment, start, signals. No other file of the service reads the environment. */
await runProcess(async () => {
  const stop = new AbortController()
  const signal = untilSignal(stop)
  const config = loadConfig(process.env)
  const instance = await buildInstance({ config, startSignal: stop.signal, stopSignal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  if (instance === undefined) return
  instance.log.info({ mode: config.process.mode, port: config.http.port }, 'starting server')
  await listenAt(instance, 'PORT')
  if (config.process.mode !== 'production') printWelcome(instance)
  await shutDown(instance, await signal)
  instance.log.info('server stopped')
})
