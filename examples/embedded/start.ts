import { buildShop } from './app.ts'

// Without DATABASE_URL and REDIS_URL the plugin brings its own PostgreSQL, and SMS go to /auth/dev/inbox.
const app = await buildShop({ PUBLIC_URL: 'http://127.0.0.1:3000/auth' })
await app.listen({ port: 3000 })
process.once('SIGINT', () => { app.close().catch((error: unknown) => { app.log.error(error) }) })
