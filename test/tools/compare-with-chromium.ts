import { readFile, readdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Fastify from 'fastify'
import type { Page } from 'playwright-core'
import imagesPlugin from '../../plugins/creatives/images/index.ts'
import { loadConfig } from '../../src/config/index.ts'
import { openBrowser, openPage, serveSite } from '../support/browser.ts'
import { createSamples, type Sample } from './sample-images.ts'

/**
 * Compares what Chromium shows of an upload with what it shows of the stored original and of the preview, for generated images
 * and for the files and folders that are given as arguments. Prints the mean difference per channel on a grid of 16 by 12 fields:
 *
 *     node test/tools/compare-with-chromium.ts [file or folder...]
 */
const grid = { width: 16, height: 12 }

interface Rendering { width: number, height: number, fields: number[] }

const closers: Array<() => unknown> = []
const closer = { teardown: (close: () => unknown) => { closers.unshift(close) } }

/** Draws an image, blended onto grey, into the grid, each field being the mean of its pixels. */
const script = `async function render (type, base64) {
  const image = new Image()
  image.src = 'data:' + type + ';base64,' + base64
  await image.decode()
  const { naturalWidth: width, naturalHeight: height } = image
  const canvas = new OffscreenCanvas(${grid.width * 8}, ${grid.height * 8})
  const context = canvas.getContext('2d')
  context.fillStyle = '#808080'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const fields = new Array(${grid.width * grid.height * 3}).fill(0)
  for (let at = 0; at < data.length; at += 4) {
    const x = at / 4 % canvas.width >> 3
    const y = Math.floor(at / 4 / canvas.width) >> 3
    for (let channel = 0; channel < 3; channel++) fields[(y * ${grid.width} + x) * 3 + channel] += data[at + channel] / 64
  }
  return { width, height, fields }
}`

async function render (page: Page, type: string, bytes: Buffer): Promise<Rendering> {
  return await page.evaluate<Rendering>(`render(${JSON.stringify(type)}, ${JSON.stringify(bytes.toString('base64'))})`)
}

function difference (one: Rendering, other: Rendering): number {
  const sum = one.fields.reduce((total, value, index) => total + Math.abs(value - (other.fields[index] ?? 0)), 0)
  return sum / one.fields.length
}

async function readSamples (given: string): Promise<Sample[]> {
  const names = await readdir(given).catch(() => undefined)
  const files = names === undefined ? [given] : names.sort().map((name) => path.join(given, name))
  return await Promise.all(files.map(async (file) => ({ name: path.basename(file), bytes: await readFile(file) })))
}

const app = Fastify()
app.decorate('config', loadConfig({}))
await app.register(imagesPlugin)
closer.teardown(async () => { await app.close() })
const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-compare-'))
closer.teardown(async () => { await rm(folder, { recursive: true, force: true }) })
const browser = await openBrowser(closer)
const page = await openPage(closer, browser, await serveSite(closer, `<!doctype html><script>${script}</script>`))

async function compare ({ name, bytes }: Sample): Promise<string[]> {
  const staged = path.join(folder, 'staged')
  await writeFile(staged, bytes)
  try {
    const { contentType, original, preview, width, height, frameCount, removed } = await app.images.process(staged)
    const input = await render(page, contentType, bytes).catch(() => undefined)
    const clean = await render(page, contentType, await readFile(original.path))
    const small = await render(page, 'image/webp', await readFile(preview.path))
    // A damaged upload that the clean copy mends may not be shown at all.
    const shown = input ?? clean
    const size = `${width}x${height}${shown.width === width && shown.height === height ? '' : ` (${shown.width}x${shown.height} shown)`}`
    const differences = [clean, small].map((rendering) => difference(shown, rendering).toFixed(2))
    return [name, contentType.slice('image/'.length), size, String(frameCount), ...differences, [...removed].join(' ')]
  } catch (error) {
    return [name, '', '', '', '', '', error instanceof Error ? error.message : String(error)]
  }
}

const given = await Promise.all(process.argv.slice(2).map(readSamples))
const rows = [['file', 'type', 'size', 'frames', 'original', 'preview', 'removed, or why it is refused']]
for (const sample of [...await createSamples(), ...given.flat()]) rows.push(await compare(sample))
for (const close of closers) await close()

const widths = rows[0]?.map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`)
