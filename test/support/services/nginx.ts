import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { findOrInstall } from './programs.ts'
import { until } from '../polling.ts'

const program = { names: ['nginx'], debianPackage: 'nginx-light' }

export interface Nginx {
  port: number
  stop (): Promise<void>
}

async function findFreePort (): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Returns a configuration with the defaults of nginx, except for the size of bodies: HTTP/1.0 without keep-alive to the service. */
function configure (folder: string, port: number, target: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`)
  return [
    // The workers of nginx would otherwise run under an account that cannot enter the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;', `pid ${folder}/nginx.pid;`, 'error_log stderr;', 'worker_processes 1;', 'events { worker_connections 2048; }', 'http {',
    '  access_log off;', '  client_max_body_size 50m;', ...temporary,
    `  server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${target}; } }`, '}', ''
  ].join('\n')
}

/** Starts nginx as a proxy in front of a local port. Its files are in this folder. */
export async function openNginx (folder: string, target: number): Promise<Nginx> {
  const port = await findFreePort()
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, 'nginx.conf')
  await writeFile(file, configure(folder, port, target))
  const nginx = spawn(findOrInstall(program), ['-c', file, '-p', folder, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  nginx.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString() })
  await until('nginx answers', async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx has ended: ${errors}`)
    return await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false)
  })
  return {
    port,
    async stop () {
      if (nginx.exitCode !== null) return
      nginx.kill('SIGQUIT')
      await once(nginx, 'close')
    }
  }
}
