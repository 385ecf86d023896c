// The server as it is really started: a process of its own.

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askApi, temporaryFolder } from './support/desk.ts';
import { PROCESS_TEST, runMain, startListening } from './support/process.ts';
import { ACCOUNT_ID, API_TOKEN, PSK, SMALLEST_REQUEST, TUNNEL } from './support/samples.ts';
import { startStub, startTcp } from './support/upstream.ts';

/** A process in the middle of a create: Cloudflare has been asked, and answers when told to. */
async function startInTheMiddleOfACreate(environment: NodeJS.ProcessEnv = {}) {
  const called = Promise.withResolvers<() => void>();
  const stub = await startStub((response) => {
    const body = JSON.stringify({ success: true, result: TUNNEL });
    called.resolve(() => response.setHeader('content-type', 'application/json').end(body));
  });
  const server = await startListening({
    CLOUDFLARE_API_TOKEN: API_TOKEN,
    CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
    CLOUDFLARE_API_BASE_URL: stub.baseUrl,
    ...environment,
  });
  const answer = askApi(`${server.address}/api/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...SMALLEST_REQUEST, psk: PSK }),
  });
  // A server that ends first gives none, which is for the test to expect.
  answer.catch(() => undefined);
  return { ...server, answer, answerCall: await called.promise };
}

/** Connects until that is refused, as it is from some moment after the signal on. */
async function untilNobodyListens(address: string): Promise<void> {
  const { hostname, port } = new URL(address);
  for (;;) {
    const socket = connect(Number(port), hostname);
    const isOpen = await new Promise((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
    if (!isOpen) return;
  }
}

describe('a server that starts', PROCESS_TEST, () => {
  it('ends its first lines with the address and the mode, and answers there', async () => {
    const { messages, address } = await startListening({});
    expect(messages.slice(-2)).toEqual([
      expect.stringMatching(/^Tunnel Desk listens on http:\/\/127\.0\.0\.1:\d+$/),
      'Mode: sandbox, nothing here reaches Cloudflare',
    ]);
    expect((await askApi(`${address}/healthz`)).status).toBe(200);
  });

  it('names the Cloudflare it calls', async () => {
    const CLOUDFLARE_API_BASE_URL = 'https://cloudflare.example/client/v4';
    const environment = { CLOUDFLARE_API_TOKEN: API_TOKEN, CLOUDFLARE_ACCOUNTS: ACCOUNT_ID, CLOUDFLARE_API_BASE_URL };
    const { messages } = await startListening(environment);
    expect(messages.at(-1)).toBe(`Mode: cloudflare, calls go to ${CLOUDFLARE_API_BASE_URL}`);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with status 0 on %s', async (signal) => {
    const { child } = await startListening({});
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a server that is asked to stop', PROCESS_TEST, () => {
  it('answers a call that is on its way to Cloudflare, lets nobody else in, and logs to the end', async () => {
    const { child, address, messages, readUntil, answer, answerCall } = await startInTheMiddleOfACreate();
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await untilNobodyListens(address);
    answerCall();
    expect((await answer).status).toBe(200);
    await readUntil();
    expect(messages.slice(-3)).toEqual([
      'stopping: only what is in flight is still answered',
      'request',
      'stopped: every request is answered',
    ]);
    expect(await exit).toEqual([0, null]);
  });

  it('ends when SHUTDOWN_GRACE_MS is over, and says that it left somebody without an answer', async () => {
    const { child, messages, readUntil, answer } = await startInTheMiddleOfACreate({ SHUTDOWN_GRACE_MS: '100' });
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await expect(answer).rejects.toThrow('fetch failed');
    await readUntil();
    expect(messages.at(-1)).toBe('stopped with requests unanswered: SHUTDOWN_GRACE_MS is over');
    expect(await exit).toEqual([0, null]);
  });

  it('ends at once, with status 1, when it is asked a second time', async () => {
    const { child, messages, readUntil } = await startInTheMiddleOfACreate();
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await readUntil('stopping: ');
    child.kill('SIGTERM');
    expect(await exit).toEqual([1, null]);
    await readUntil();
    expect(messages.at(-1)).toBe('second SIGTERM, exiting');
  });
});

describe('a server that cannot start ends with status 1', PROCESS_TEST, () => {
  it('and one line per bad variable, without a secret', async () => {
    const { exitCode, output, errorLines } = await runMain({
      PORT: 'http',
      LOG_LEVEL: 'loud',
      CLOUDFLARE_API_TOKEN: `${API_TOKEN} ${API_TOKEN}`,
      CLOUDFLARE_ACCOUNTS: API_TOKEN,
    });
    expect(exitCode).toBe(1);
    expect(output).toBe('');
    expect(errorLines.map((line) => line.split(':', 1)[0])).toEqual([
      'PORT',
      'CLOUDFLARE_API_TOKEN',
      'CLOUDFLARE_ACCOUNTS',
      'LOG_LEVEL',
    ]);
  });

  it('and one line where the port is in use', async () => {
    const port = await startTcp((socket) => socket.end());
    const { exitCode, errorLines } = await runMain({ PORT: String(port) });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      `cannot listen on 127.0.0.1, port ${port} (EADDRINUSE): choose others with HOST and PORT`,
    ]);
  });

  it.each([
    ['is a file', (folder: string) => writeFileSync(join(folder, 'data'), ''), 'EEXIST'],
    ['holds something else', (folder: string) => makeForeignTrail(join(folder, 'data')), 'not a database'],
  ])('and one line where its folder %s', async (_what, prepare, reason) => {
    const folder = temporaryFolder();
    prepare(folder);
    const { exitCode, errorLines } = await runMain({ DATA_DIR: join(folder, 'data') });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      expect.stringContaining(`DATA_DIR: the audit trail in ${folder}/data cannot be opened`),
    ]);
    expect(errorLines[0]).toContain(reason);
  });

  it('and one line where another server has the same folder', async () => {
    const DATA_DIR = temporaryFolder();
    await startListening({ DATA_DIR });
    const { exitCode, errorLines } = await runMain({ DATA_DIR });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([expect.stringContaining('another server is using it')]);
  });

  it('and one line where the port of the metrics is in use', async () => {
    const port = await startTcp((socket) => socket.end());
    const { exitCode, errorLines } = await runMain({ PORT: '0', METRICS_PORT: String(port) });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      `cannot listen on 127.0.0.1, port ${port} (EADDRINUSE): choose others with METRICS_HOST and METRICS_PORT`,
    ]);
  });

  it('and one line in production without a token', async () => {
    const { exitCode, errorLines } = await runMain({ NODE_ENV: 'production' });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([expect.stringMatching(/^UPSTREAM: /)]);
  });
});

function makeForeignTrail(folder: string): void {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'sandbox-audit.sqlite'),
    'what is no database, and long enough to be read as one'.repeat(20),
  );
}
