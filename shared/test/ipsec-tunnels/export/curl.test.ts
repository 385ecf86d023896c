import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ipsecTunnelsPath } from '../../../src/api/paths.ts';
import { toCurl } from '../../../src/ipsec-tunnels/export/curl.ts';
import { exportedTunnel, tunnelToCreate } from '../../../src/ipsec-tunnels/export/exported-tunnel.ts';
import { FULL_REQUEST, MINIMAL_REQUEST } from '../validating.ts';
import { ACCOUNT_ID, EXPORTED_REQUEST, exportedRequest, FULL_TUNNEL, KEY, md5Characters } from './tunnels.ts';

describe('the text', () => {
  it('calls Cloudflare for this account, and names the token by its variable', () => {
    const text = toCurl([tunnelToCreate(MINIMAL_REQUEST)], { accountId: ACCOUNT_ID });
    expect(text).toContain(`'https://api.cloudflare.com/client/v4${ipsecTunnelsPath(ACCOUNT_ID)}'`);
    expect(text).toContain('"Authorization: Bearer $CLOUDFLARE_API_TOKEN"');
    expect(text.split('\n').every((line) => !line.startsWith('#'))).toBe(true);
  });

  it('never has the key', () => {
    expect(toCurl([tunnelToCreate(FULL_REQUEST)], { accountId: ACCOUNT_ID })).not.toContain(KEY);
  });

  it('reads the key of each tunnel from a file of its own, and none where there is none', () => {
    const withKey = exportedTunnel(FULL_TUNNEL);
    expect(toCurl([withKey], { accountId: ACCOUNT_ID })).toContain(' psk.txt)');
    const text = toCurl([withKey, tunnelToCreate(MINIMAL_REQUEST), withKey], { accountId: ACCOUNT_ID });
    expect(Array.from(text.matchAll(/ (psk\S*\.txt)\)/g), ([, file]) => file)).toEqual(['psk-1.txt', 'psk-3.txt']);
  });
});

interface Received {
  readonly line: string;
  readonly token: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

const canRun = ['bash', 'curl'].every((command) => spawnSync(command, ['--version']).status === 0);

describe.skipIf(!canRun)('the command (skipped where bash or curl is not on the PATH)', () => {
  let server: Server;
  let baseUrl: string;
  let folder: string;
  let received: Received[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      const body = await json(request).catch(String);
      received.push({ line: `${method} ${url}`, token: headers.authorization, type: headers['content-type'], body });
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    baseUrl = `http://127.0.0.1:${address.port}`;
    folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-curl-'));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    received = [];
  });

  async function run(text: string): Promise<number | null> {
    const shell = spawn('bash', ['-s'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], CLOUDFLARE_API_TOKEN: 'the token', NO_PROXY: '*' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.stdin.end(text);
    return new Promise((resolve) => shell.on('close', resolve));
  }

  it('sends exactly the request, whatever its texts are', async () => {
    const requests = fc.sample(exportedRequest, 60);
    const options = { accountId: ACCOUNT_ID, baseUrl };
    expect(await run(toCurl(requests.map(tunnelToCreate), options))).toBe(0);
    expect(received.map(({ body }) => body)).toEqual(requests);
    expect(new Set(received.map(({ line, token, type }) => [line, token, type].join()))).toEqual(
      new Set([`POST ${ipsecTunnelsPath(ACCOUNT_ID)},Bearer the token,application/json`]),
    );
  });

  it.each([
    { key: KEY, why: 'an ordinary one' },
    {
      key: `it's "quoted" \\ and \\n $HOME \`id\` %s %% !! {{x}} & | é`,
      why: 'one with everything a shell or JSON reads',
    },
    { key: md5Characters().join(''), why: 'one with every printable character but two' },
  ])('sends the key of the file: $why', async ({ key }) => {
    writeFileSync(join(folder, 'psk.txt'), `${key}\n`);
    const options = { accountId: ACCOUNT_ID, baseUrl };
    expect(await run(toCurl([exportedTunnel(FULL_TUNNEL)], options))).toBe(0);
    expect(received.map(({ body }) => body)).toEqual([{ ...EXPORTED_REQUEST, psk: key }]);
  });

  it.each([
    { content: undefined, why: 'there is no file' },
    { content: '', why: 'the file is empty' },
  ])('sends nothing where $why', async ({ content }) => {
    rmSync(join(folder, 'psk.txt'), { force: true });
    if (content !== undefined) writeFileSync(join(folder, 'psk.txt'), content);
    const options = { accountId: ACCOUNT_ID, baseUrl };
    expect(await run(toCurl([exportedTunnel(FULL_TUNNEL)], options))).not.toBe(0);
    expect(received).toEqual([]);
  });
});
