import path from 'node:path'
import autoload from '@fastify/autoload'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { systemClock, type Clock } from './process/clock.ts'
import { registerPlugins } from './process/plugin-files.ts'
import { createServerClock, type ServerClock } from './process/server-clock.ts'
import type { Config } from './config/index.ts'

/** A part of the service that runs alone, such as the login without the creatives. */
export interface Part {
  /** Takes the path of a plugin below `plugins`, such as `auth/otp.ts`. */
  hasPlugin (file: string): boolean
  /** Takes the path of a route file below `routes`, such as `me/index.ts`. */
  hasRoute (file: string): boolean
  /** Replacements of plugins that the part leaves out, registered under their names before all others. */
  replacements: ReadonlyArray<FastifyPluginAsync>
}

export interface AppOptions {
  config: Config
  /** Defaults to the whole service. */
  part?: Part
  /** Defaults to the clock of the machine; tests pass one that they can advance. */
  clock?: Clock
  /** Interrupts a start that waits for its dependencies. */
  startSignal?: AbortSignal
  /** Aborted when the process is asked to stop. The instance then drains: it is not ready, and serves requests until it is closed. */
  stopSignal?: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    /** The clock of this machine. */
    clock: Clock
    /** The clock of the rules of codes, cooldowns and deliveries: that of Redis, or `clock` without Redis. */
    ruleClock: ServerClock
    /** The clock of rows, such as sessions: that of PostgreSQL. */
    rowClock: ServerClock
    startSignal: AbortSignal
    stopSignal: AbortSignal
  }
}

const root = path.resolve(import.meta.dirname, '..')

/** The decorators that every plugin may use without a dependency, in the service and in the worker. */
export function decorateWithOptions (
  fastify: FastifyInstance,
  { config, clock = systemClock, startSignal = new AbortController().signal, stopSignal = new AbortController().signal }: AppOptions
): void {
  fastify.decorate('config', config)
  fastify.decorate('clock', clock)
  fastify.decorate('ruleClock', createServerClock(clock))
  fastify.decorate('rowClock', createServerClock(clock))
  fastify.decorate('startSignal', startSignal)
  fastify.decorate('stopSignal', stopSignal)
}

const wholeService: Part = { hasPlugin: () => true, hasRoute: () => true, replacements: [] }

/** The whole service, or a part of it, as one plugin: the plugins in the order of their dependencies, then the routes. */
const app: FastifyPluginAsync<AppOptions> = async (fastify, options) => {
  const { hasPlugin, hasRoute, replacements } = options.part ?? wholeService
  decorateWithOptions(fastify, options)
  for (const replacement of replacements) await fastify.register(replacement)
  await registerPlugins(fastify, { dir: path.join(root, 'plugins'), isNeeded: hasPlugin })
  await fastify.register(autoload, {
    dir: path.join(root, 'routes'),
    autoHooks: true,
    cascadeHooks: true,
    overwriteHooks: true,
    routeParams: true,
    forceESM: true,
    matchFilter: (file: string) => hasRoute(file.slice(1))
  })
}

export default app
