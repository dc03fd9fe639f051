import t from 'tap'
import { allowedHeaders, corsHeadersFor } from '../../../src/http/cors.ts'

const corsOrigins = ['https://app.example.com', 'https://*.example.org', 'capacitor://localhost']

t.test('responses without hooks carry CORS headers for the same origins as others', async (t) => {
  for (const origin of ['https://app.example.com', 'https://a.example.org', 'https://a.b.example.org', 'capacitor://localhost']) {
    t.match(corsHeadersFor(origin, { baseUrl: 'https://login.example.com', corsOrigins }), { 'access-control-allow-origin': origin, vary: 'Origin' }, origin)
  }
  for (const origin of [undefined, 'null', 'https://example.org', 'https://evilexample.org', 'https://app.example.com.evil', 'https://x']) {
    t.same(corsHeadersFor(origin, { baseUrl: 'https://login.example.com', corsOrigins }), {}, String(origin))
  }
})

t.test('CORS_HEADERS adds to the request headers that are allowed', async (t) => {
  const headers = allowedHeaders({ corsHeaders: ['x-widget'] })
  for (const name of ['x-widget', 'authorization', 'traceparent', 'x-requested-with', 'x-request-id', 'sentry-trace', 'baggage']) {
    t.ok(headers.includes(name), name)
  }
})
