// The image as it would run: a production install on a read-only file system, as nobody, with Node.js and nothing else.

import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import serverPackage from '../../server/package.json' with { type: 'json' };
import { buildImage, type Image } from './dockerfile.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Whoever has no files; used where the tests run as root, who could write on a read-only tree. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
/** Installing from the store takes seconds, from the registry as long as the network does. */
const BUILD = 120_000;
const PROCESS_TEST = { timeout: 30_000 };

let folder: string;
let image: Image;
/** A folder with Node.js alone. */
let bin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-image-'));
  chmodSync(folder, 0o755);
  bin = join(folder, 'bin');
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, 'node'));
  process.env['PATH'] = dirname(process.execPath) + delimiter + process.env['PATH'];
  image = await buildImage(PROJECT, folder);
  execFileSync('chmod', ['-R', 'a-w', image.root]);
  for (const volume of image.volumes) {
    chmodSync(volume, 0o700);
    if (isRoot) chownSync(volume, NOBODY, NOBODY);
  }
}, BUILD);

afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', image.root]);
  execFileSync('rm', ['-r', folder]);
}, BUILD);

/** Runs a command of the image with the image's environment and this one, and no other. */
function runInImage([name = '', ...words]: readonly string[], environment: NodeJS.ProcessEnv) {
  const child = spawn(join(bin, name), words, {
    cwd: image.workdir,
    env: { PATH: bin, ...image.environment, ...environment },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function finish(child: ChildProcessWithoutNullStreams) {
  const [output, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode, output, errors };
}

/** Starts the image's own command on loopback, where the desk needs no sign-in. */
async function startDesk() {
  const environment = { HOST: '127.0.0.1', PORT: String(await freePort()), UPSTREAM: 'sandbox' };
  const child = runInImage(image.command, environment);
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"Mode: ')) break;
  return { child, environment, url: `http://127.0.0.1:${environment.PORT}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true }).map(String).sort();
}

describe('the image', () => {
  it('holds the server with its production dependencies and the built app, and no more', () => {
    expect(readdirSync(image.workdir).sort()).toEqual([
      'node_modules',
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'server',
      'shared',
      'web',
    ]);
    expect(readdirSync(join(image.workdir, 'web'))).toEqual(['dist']);
    expect(readdirSync(join(image.workdir, 'node_modules'))).toEqual(
      expect.not.arrayContaining(['typescript', 'vitest']),
    );
    const installed = readdirSync(join(image.workdir, 'server/node_modules'), { recursive: true }).map(String);
    for (const name of Object.keys(serverPackage.devDependencies)) expect(installed).not.toContain(name);
    for (const name of Object.keys(serverPackage.dependencies)) expect(installed).toContain(name);
  });

  it('stands on the Node.js that the tests ran on', () => {
    const expected = `node:${rootPackage.devDependencies.node}-`;
    for (const base of image.bases) expect(base).toMatch(new RegExp(`^${expected}`));
    expect(process.version).toBe(`v${rootPackage.devDependencies.node}`);
  });

  it('does not run as root', () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });
});

describe('the desk in it', PROCESS_TEST, () => {
  it('starts, is alive and ready, serves the app, and leaves nothing on the file system but its data', async () => {
    const before = filesIn(image.workdir);
    const { child, environment, url } = await startDesk();
    expect((await finish(runInImage(image.healthCheck, environment))).exitCode).toBe(0);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${url}/`)).text()).toContain('<div id="root">');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(filesIn(image.workdir)).toEqual(before);
  });

  it('is found dead by the health check once it is gone', async () => {
    const { exitCode } = await finish(
      runInImage(image.healthCheck, { HOST: '0.0.0.0', PORT: String(await freePort()) }),
    );
    expect(exitCode).toBe(1);
  });

  it('refuses to start as the image says, on every address, while nobody needs to sign in', async () => {
    const { exitCode, errors } = await finish(runInImage(image.command, { UPSTREAM: 'sandbox' }));
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^HOST: 0\.0\.0\.0 is not a loopback address/);
  });
});
