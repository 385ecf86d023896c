import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registerErrorHandler } from '../../src/http/errors.ts';
import { registerWebApp } from '../../src/http/web-app.ts';
import { ask, askApi } from '../support/desk.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';

const INDEX = '<!doctype html><title>Tunnel Desk</title>';
const SCRIPT = 'console.log("the desk");\n'.repeat(40);
const OUTSIDE = 'not for the world';

/** A folder with a built app in it, and beside that app a file it must never serve. */
async function buildFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tunnel-desk-web-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const root = join(folder, 'dist');
  await mkdir(join(root, 'assets'), { recursive: true });
  const files = { 'index.html': INDEX, 'assets/index-B3xY9.js': SCRIPT };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(root, name), content);
    await writeFile(join(root, `${name}.br`), brotliCompressSync(content));
    await writeFile(join(root, `${name}.gz`), gzipSync(content));
  }
  await writeFile(join(root, 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'outside.txt'), OUTSIDE);
  return root;
}

async function startWebApp(root: string): Promise<string> {
  const app = fastify();
  onTestFinished(() => app.close());
  registerErrorHandler(app);
  await registerWebApp(app, root);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

const startBuiltWebApp = async () => startWebApp(await buildFolder());

describe('the built app', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('is sent to who accepts %s in %s', async (accepted, encoding) => {
    const origin = await startBuiltWebApp();
    const headers = { 'accept-encoding': accepted };
    for (const [path, content] of [
      ['/assets/index-B3xY9.js', SCRIPT],
      ['/', INDEX],
      ['/tunnels/new', INDEX],
    ]) {
      const answer = await ask(origin + path, { headers });
      expect(answer.headers.get('content-encoding'), path).toBe(encoding);
      expect(answer.text).toBe(content);
    }
  });

  it('says that an answer depends on the accepted encoding', async () => {
    const { headers } = await ask(`${await startBuiltWebApp()}/assets/index-B3xY9.js`);
    expect(headers.get('vary')).toMatch(/accept-encoding/i);
  });

  it('lets hashed assets be kept for ever', async () => {
    const { headers } = await ask(`${await startBuiltWebApp()}/assets/index-B3xY9.js`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-type')).toContain('/javascript');
  });

  it.each(['/', '/index.html', '/tunnels/new', '/favicon.svg'])('has %s asked for anew each time', async (path) => {
    const { status, headers } = await ask((await startBuiltWebApp()) + path);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('answers what has not changed with 304', async () => {
    const origin = await startBuiltWebApp();
    const { headers } = await ask(`${origin}/`, { headers: { 'accept-encoding': 'identity' } });
    // As bytes, because fetch adds a cache-control of its own to a conditional request.
    const answer = await sendRaw(origin, rawRequest('GET /', [`If-None-Match: ${headers.get('etag')}`]));
    expect(answer).toMatch(/^HTTP\/1\.1 304 /);
  });

  it.each(['/tunnels/new', '/tunnels/new?account=1', '/apiary', '/anything/at/all.html'])(
    'opens at the deep link %s',
    async (path) => {
      const { status, text, headers } = await ask((await startBuiltWebApp()) + path);
      expect(status).toBe(200);
      expect(text).toBe(INDEX);
      expect(headers.get('content-type')).toMatch(/^text\/html\b/);
    },
  );

  it('answers HEAD as it does GET, without the body', async () => {
    const { status, text } = await ask(`${await startBuiltWebApp()}/tunnels/new`, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(text).toBe('');
  });

  it.each([
    ['a missing asset, which is no deep link', 'GET', '/assets/index-0ld.js'],
    ['a POST to a page', 'POST', '/tunnels/new'],
  ])('answers 404 in the envelope: %s', async (_what, method, path) => {
    const answer = await askApi((await startBuiltWebApp()) + path, { method });
    expect(answer).toMatchObject({ status: 404, envelope: { errors: [{ code: ERRORS.notFound.code }] } });
    expect(answer.headers.get('cache-control')).toBeNull();
  });

  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/..%5coutside.txt',
    '//../outside.txt',
    '/%252e%252e/outside.txt',
    '/outside.txt%00.js',
  ])('serves nothing from outside its folder: %s', async (path) => {
    const answer = await sendRaw(await startBuiltWebApp(), rawRequest(`GET ${path}`));
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400|403|404) /);
    expect(answer).not.toContain(OUTSIDE);
  });
});

describe('without a built app', () => {
  it.each(['/', '/tunnels/new', '/assets/index-B3xY9.js'])('%s is 404 in the envelope', async (path) => {
    const origin = await startWebApp(join(tmpdir(), 'tunnel-desk-never-built'));
    const answer = await askApi(origin + path);
    expect(answer).toMatchObject({ status: 404, envelope: { errors: [{ code: ERRORS.notFound.code }] } });
  });
});
