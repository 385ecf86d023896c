// The server as it is really started: a process of its own.

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askApi, temporaryFolder } from './support/desk.ts';
import { runMain, startListening } from './support/process.ts';
import { ACCOUNT_ID, API_TOKEN, PSK, SMALLEST_REQUEST, TUNNEL } from './support/samples.ts';
import { closedPort, startStub, startStubResponding, startTcp } from './support/upstream.ts';

const ACTIVE = { success: true, result: { id: 'f'.repeat(32), status: 'active' } };

/** A process in the middle of a create: Cloudflare has been asked, and answers when told to. */
async function startInTheMiddleOfACreate(environment: NodeJS.ProcessEnv = {}) {
  const called = Promise.withResolvers<() => void>();
  const stub = await startStub((response, { method }) => {
    // What the server asks at start about its token is not the create.
    if (method === 'GET') return void response.writeHead(401).end();
    const body = JSON.stringify({ success: true, result: TUNNEL });
    return called.resolve(() => response.setHeader('content-type', 'application/json').end(body));
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

describe('a server that starts', () => {
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

  it.each([
    ['accepts it', () => startStubResponding({ body: ACTIVE }), /^Cloudflare accepts the API token$/],
    [
      'refuses it',
      () =>
        startStubResponding({ status: 403, body: { success: false, errors: [{ code: 9109, message: 'Invalid' }] } }),
      /^Cloudflare refuses the API token: status 403, code 9109\. Check CLOUDFLARE_API_TOKEN/,
    ],
    [
      'has it expired',
      () => startStubResponding({ body: { success: true, result: { status: 'expired' } } }),
      /^Cloudflare says that the API token is "expired"/,
    ],
    [
      'is down',
      () =>
        startStubResponding({ status: 500, body: { success: false, errors: [{ code: 1001, message: 'Internal' }] } }),
      /^Cloudflare could not check the API token: status 500, code 1001$/,
    ],
    [
      'is something else',
      () => startStubResponding({ headers: { 'content-type': 'text/html' }, body: '<html>' }),
      /^the API token could not be checked: status 200, and not a response of Cloudflare's API/,
    ],
    [
      'cannot be reached',
      async () => ({ baseUrl: `http://127.0.0.1:${await closedPort()}` }),
      /^the API token could not be checked: Cloudflare could not be reached \(ECONNREFUSED\)$/,
    ],
  ])('says in one line whether its token is good: Cloudflare %s', async (_what, startUpstream, line) => {
    const { baseUrl } = await startUpstream();
    const { messages, readUntil } = await startListening({
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      CLOUDFLARE_API_BASE_URL: baseUrl,
    });
    await readUntil(/API token/);
    expect(messages.at(-1)).toMatch(line);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with status 0 on %s', async (signal) => {
    const { child } = await startListening({});
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a server that is asked to stop', () => {
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
    await readUntil(/^stopping: /);
    child.kill('SIGTERM');
    expect(await exit).toEqual([1, null]);
    await readUntil();
    expect(messages.at(-1)).toBe('second SIGTERM, exiting');
  });
});

describe('a server that cannot start ends with status 1', () => {
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
      `cannot listen on 127.0.0.1, port ${port}: another program already listens there. Choose another address with HOST and PORT`,
    ]);
  });

  it('and one line where this machine has no such address', async () => {
    // Of the range for documentation (RFC 5737), which no machine has.
    const { exitCode, errorLines } = await runMain({ METRICS_HOST: '192.0.2.1', METRICS_PORT: '0', PORT: '0' });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      'cannot listen on 192.0.2.1, port 0: this machine does not have that address. Choose another address with METRICS_HOST and METRICS_PORT',
    ]);
  });

  it.each([
    ['HOST', { HOST: API_TOKEN, AUTH: 'proxy-jwt' }],
    ['METRICS_HOST', { METRICS_HOST: API_TOKEN, METRICS_PORT: '0', PORT: '0' }],
    ['DATA_DIR', { DATA_DIR: API_TOKEN.repeat(10) }],
  ])('and without a secret that was meant for another variable: %s', async (_variable, environment) => {
    const { exitCode, output, errorLines } = await runMain({
      ...{ AUTH_JWKS_URL: 'http://127.0.0.1/certs', AUTH_ISSUER: 'http://127.0.0.1', AUTH_AUDIENCE: 'desk' },
      ...{ AUTH: 'none', AUTH_OPERATORS: 'net-ops', PUBLIC_URL: 'http://localhost:3000', PORT: '0', ...environment },
    });
    expect(exitCode).toBe(1);
    expect(output).not.toContain(API_TOKEN);
    expect(errorLines).toHaveLength(1);
  });

  it('and one line where its folder holds something else', async () => {
    const folder = temporaryFolder();
    makeForeignTrail(join(folder, 'data'));
    const { exitCode, errorLines } = await runMain({ DATA_DIR: join(folder, 'data') });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      expect.stringContaining(`DATA_DIR: the audit trail in ${folder}/data cannot be opened`),
    ]);
    expect(errorLines[0]).toContain('not a database');
  });

  it.each([
    ['is a file', 'data', 'cannot create the folder', 'it is a file, not a folder'],
    ['lies below a file', 'data/below', 'cannot create the folder', 'a part of its path is a file, not a folder'],
  ])('and one line in plain words where its folder %s', async (_what, path, failure, reason) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'data'), '');
    const { exitCode, errorLines } = await runMain({ DATA_DIR: join(folder, path) });
    expect(exitCode).toBe(1);
    expect(errorLines).toEqual([
      `DATA_DIR: ${failure} ${folder}/${path}: ${reason}. It must be a folder that this server's user can write to`,
    ]);
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
      `cannot listen on 127.0.0.1, port ${port}: another program already listens there. Choose another address with METRICS_HOST and METRICS_PORT`,
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
