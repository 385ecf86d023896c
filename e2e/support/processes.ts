// Servers as processes of their own: each started on a free loopback port, waited for, and ended by its own process ID.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** For what hangs, not for what is slow. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_EVERY_MS = 2;

export interface ServerProcess extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40000`. */
  readonly origin: string;
  readonly pid: number;
  /** From spawning the process to the end of its first response, in milliseconds. */
  readonly startedInMs: number;
  /** Its exit status once it has ended; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside `PATH` and `PORT`, the whole environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** The path whose first response, whatever its status, shows that the server listens. */
  readonly readyPath: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  // Not SIGKILL, which would leave nginx's worker behind.
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Starts a server and waits until it responds; its standard output is discarded. Throws when it ends or never responds. */
export async function startServer(options: ServerCommand): Promise<ServerProcess> {
  const { command, args, environment = {}, port = await freePort(), readyPath } = options;
  const spawnedAt = performance.now();
  const child = spawn(command, args, {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'], PORT: String(port), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  track(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswered(origin + readyPath, child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} did not start`);
  return {
    origin,
    pid,
    startedInMs: performance.now() - spawnedAt,
    ended,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** Starts a file of this repository as a server, by the Node.js that runs this. */
export function startNodeServer(
  file: string,
  options: Omit<ServerCommand, 'command' | 'args'>,
): Promise<ServerProcess> {
  return startServer({ ...options, command: process.execPath, args: [file] });
}

/** Makes sure that the process ends with this one, however that ends. */
export function track(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** Asks the process to end, makes it end when it does not, and waits until it has. */
export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

const temporaryFolders: string[] = [];
process.once('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when this process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-'));
  temporaryFolders.push(folder);
  return folder;
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** The resident set of a process, in megabytes (10⁶ bytes); `undefined` where the system has no `/proc`. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

async function untilAnswered(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!(await responds(url))) {
    if (!running.has(child)) throw new Error(`${child.spawnargs.join(' ')} ended before it responded`);
    if (performance.now() > giveUpAt) throw new Error(`${child.spawnargs.join(' ')} did not respond in time`);
    await delay(POLL_EVERY_MS);
  }
}

function responds(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => response.resume().once('end', () => resolve(true)));
    request.once('error', () => resolve(false));
  });
}
