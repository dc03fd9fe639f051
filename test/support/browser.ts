import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { waitLimitMs } from './polling.ts'
import { findOrInstall } from './services/programs.ts'

const program = { names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], debianPackage: 'chromium' }

/**
 * Returns the path of Chromium: `CHROMIUM_PATH`, else from the PATH, else, as root on Debian, installed by apt.
 * @throws {Error} with a sentence for people if there is none
 */
export function findChromium (env: NodeJS.ProcessEnv = process.env): string {
  const given = env['CHROMIUM_PATH']
  if (given) return given
  const name = findOrInstall(program)
  return spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).stdout.trim()
}

/** Starts Chromium without a window. Start it once for each test file; `closer` closes it at the end. */
export async function openBrowser (closer: Pick<Test, 'teardown'>): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // The sandbox of Chromium refuses to run as root.
    chromiumSandbox: process.getuid?.() !== 0,
    // The shared memory of a container is often too small for Chromium, which then crashes.
    args: ['--disable-dev-shm-usage']
  })
  closer.teardown(async () => { await browser.close() })
  return browser
}

/** Serves one HTML page from an origin of its own, and resolves to that origin. */
export async function serveSite (closer: Pick<Test, 'teardown'>, html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closer.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Opens a page in a separate profile, which has no cookies and no connections of other pages. */
export async function openPage (t: Pick<Test, 'teardown'>, browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext()
  t.teardown(async () => { await context.close() })
  context.setDefaultTimeout(waitLimitMs)
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** Limits the line of a page, in bits per second each way. Chromium measures the bodies of requests too. */
export async function throttle (page: Page, bitsPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const bytesPerSecond = bitsPerSecond / 8
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: 40, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond
  })
}
