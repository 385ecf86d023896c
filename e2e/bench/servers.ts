// How each server under test is started.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { freePort, type ServerProcess, startNodeServer, startServer, temporaryFolder } from '../support/processes.ts';
import { ACCOUNT_ID, API_TOKEN } from './samples.ts';

export function startSandboxDesk(environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startDesk({ UPSTREAM: 'sandbox', ...environment });
}

/** The desk in front of an upstream such as `http://127.0.0.1:40000`. */
export function startCloudflareDesk(
  upstreamOrigin: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return startDesk({ ...cloudflareAt(upstreamOrigin), ...environment });
}

/** The same with a journal that keeps nothing. */
export function startDeskWithoutJournal(upstreamOrigin: string): Promise<ServerProcess> {
  return startDesk(cloudflareAt(upstreamOrigin), 'e2e/bench/servers/desk-without-journal.ts');
}

/** The same on a disk that takes so many milliseconds for every commit. */
export function startDeskWithSlowDisk(upstreamOrigin: string, commitMs: number): Promise<ServerProcess> {
  const environment = { ...cloudflareAt(upstreamOrigin), COMMIT_MS: String(commitMs) };
  return startDesk(environment, 'e2e/bench/servers/desk-with-slow-disk.ts');
}

/** From one turn of the event loop to the next, in milliseconds. */
export interface LongestStretches {
  /** By the clock. */
  readonly wallMs: number;
  /** Of the main thread's processor time alone. */
  readonly processorMs: number;
}

/** The same, and the longest stretches since they were last asked for. */
export async function startDeskWithLoopClock(upstreamOrigin: string) {
  const clockPort = await freePort();
  const environment = { ...cloudflareAt(upstreamOrigin), CLOCK_PORT: String(clockPort) };
  const desk = await startDesk(environment, 'e2e/bench/servers/desk-with-loop-clock.ts');
  const longestStretches = async (): Promise<LongestStretches> => {
    const text = await (await fetch(`http://127.0.0.1:${clockPort}`)).text();
    const [wallMs = Number.NaN, processorMs = Number.NaN] = text.split(' ').map(Number);
    return { wallMs, processorMs };
  };
  return { desk, longestStretches };
}

/**
 * With a database of its own, which ends with the measurements, and without a rate limit, because what is measured comes
 * from one address and one person.
 */
function startDesk(environment: Readonly<Record<string, string>>, file = 'server/start.js'): Promise<ServerProcess> {
  return startNodeServer(file, {
    environment: { DATA_DIR: temporaryFolder(), RATE_LIMIT_PER_MINUTE: '0', ...environment },
    readyPath: HEALTH_PATH,
  });
}

function cloudflareAt(upstreamOrigin: string): Readonly<Record<string, string>> {
  return {
    UPSTREAM: 'cloudflare',
    CLOUDFLARE_API_BASE_URL: upstreamOrigin,
    CLOUDFLARE_API_TOKEN: API_TOKEN,
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office`,
  };
}

export function startStubUpstream(): Promise<ServerProcess> {
  return startNodeServer('e2e/bench/servers/stub-upstream.ts', { readyPath: '/' });
}

/** One that lists 10,000 tunnels. */
export function startListUpstream(environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startNodeServer('e2e/bench/servers/list-upstream.ts', { environment, readyPath: '/' });
}

/** With a compile cache, as the desk has one. */
export function startBareFastify(): Promise<ServerProcess> {
  return startNodeServer('e2e/bench/servers/bare-fastify.ts', {
    environment: { NODE_COMPILE_CACHE: 'e2e/node_modules/.cache/compile' },
    readyPath: HEALTH_PATH,
  });
}

export function startBareProxy(upstreamOrigin: string): Promise<ServerProcess> {
  return startNodeServer('e2e/bench/servers/bare-proxy.ts', {
    environment: { UPSTREAM_ORIGIN: upstreamOrigin },
    readyPath: '/',
  });
}

export function isNginxInstalled(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** nginx with one worker that adds the token, and keeps its connections on both sides. */
export async function startNginx(upstreamOrigin: string): Promise<ServerProcess> {
  const port = await freePort();
  const directory = temporaryFolder();
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(directory, port, new URL(upstreamOrigin).host));
  const args = ['-p', directory, '-c', configuration, '-e', 'stderr', '-g', 'daemon off;'];
  return startServer({ command: 'nginx', args, port, readyPath: '/' });
}

function nginxConfiguration(directory: string, port: number, upstream: string): string {
  const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporaryPaths.map((kind) => `${kind}_temp_path ${directory}/${kind};`).join('\n  ')}
  keepalive_requests 100000000;
  upstream cloudflare { server ${upstream}; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / { return 404; }
    location /api/ {
      proxy_pass http://cloudflare/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer ${API_TOKEN}";
    }
  }
}
`;
}
