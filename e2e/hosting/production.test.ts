// The server as it is deployed: production dependencies alone, on a read-only file system, as nobody, with Node.js and
// nothing else to call. How the Dockerfile is written does not matter here: it gets its files from the same script.

import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import serverPackage from '../../server/package.json' with { type: 'json' };
import { freePort } from '../support/processes.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8');
const START = 'server/start.js';
/** What the image runs, without `node`. */
const [, ...COMMAND]: string[] = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '[]');
const HEALTH_CHECK = 'server/health-check.js';
/** A user that owns no files; used where the tests run as root, who could write on a read-only tree. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
/** What `assemble.sh` makes, read-only. */
let root: string;
/** The one folder that the server may write to. */
let dataDir: string;
/** A folder with Node.js alone. */
let bin: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-production-'));
  chmodSync(folder, 0o755);
  [root, dataDir, bin] = [join(folder, 'app'), join(folder, 'data'), join(folder, 'bin')];
  for (const each of [root, dataDir, bin]) mkdirSync(each);
  copyFileSync(process.execPath, join(bin, 'node'));
  const { status, stdout, stderr } = spawnSync('sh', [join(PROJECT, 'server/deploy/assemble.sh'), root], {
    encoding: 'utf8',
    // What a test runner sets would change what is installed.
    env: { ...process.env, NODE_ENV: undefined, PATH: dirname(process.execPath) + delimiter + process.env['PATH'] },
  });
  if (status !== 0) throw new Error(`assemble.sh ended with ${status}:\n${stdout}${stderr}`);
  execFileSync('chmod', ['-R', 'a-w', root]);
  chmodSync(dataDir, 0o700);
  if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
});

afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  execFileSync('rm', ['-r', folder]);
});

/** Runs Node.js with the image's environment and this one, and no other. */
function run(command: readonly string[], environment: NodeJS.ProcessEnv) {
  const child = spawn(join(bin, 'node'), command, {
    cwd: root,
    env: { PATH: bin, NODE_ENV: 'production', HOST: '0.0.0.0', DATA_DIR: dataDir, ...environment },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function finish(child: ChildProcessWithoutNullStreams) {
  const [output, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode, output, errors };
}

/** Starts the server on loopback, where it needs no sign-in. */
async function startDesk() {
  const environment = { HOST: '127.0.0.1', PORT: String(await freePort()), UPSTREAM: 'sandbox' };
  const child = run(COMMAND, environment);
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"Mode: ')) break;
  return { child, environment, url: `http://127.0.0.1:${environment.PORT}` };
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true }).map(String).sort();
}

describe('what is deployed', () => {
  it('is the server with its production dependencies and the built app, and no more', () => {
    expect(readdirSync(root).sort()).toEqual([
      'node_modules',
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'server',
      'shared',
      'web',
    ]);
    expect(readdirSync(join(root, 'web'))).toEqual(['dist']);
    expect(readdirSync(join(root, 'node_modules'))).toEqual(expect.not.arrayContaining(['typescript', 'vitest']));
    const installed = readdirSync(join(root, 'server/node_modules'), { recursive: true }).map(String);
    for (const name of Object.keys(serverPackage.devDependencies)) expect(installed).not.toContain(name);
    for (const name of Object.keys(serverPackage.dependencies)) expect(installed).toContain(name);
  });
});

describe('the Dockerfile', () => {
  it('uses the Node.js that the tests ran on', () => {
    const versions = [...dockerfile.matchAll(/\bnode:(\d+\.\d+\.\d+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([rootPackage.devDependencies.node]));
    expect(process.version).toBe(`v${rootPackage.devDependencies.node}`);
  });

  it('runs as a user that can be seen not to be root', () => {
    expect(/^USER +(.+)$/gim.exec(dockerfile)?.[1]).toMatch(/^[1-9]\d*(?::[1-9]\d*)?$/);
  });

  it('gets its files from the same script, and starts and checks what is tested here', () => {
    for (const path of ['server/deploy/assemble.sh', START, HEALTH_CHECK]) expect(dockerfile).toContain(path);
  });
});

describe('the server', () => {
  it('starts, is alive and ready, serves the app, and leaves nothing on the file system but its data', async () => {
    const before = filesIn(root);
    const { child, environment, url } = await startDesk();
    expect((await finish(run([HEALTH_CHECK], environment))).exitCode).toBe(0);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${url}/`)).text()).toContain('<div id="root">');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(filesIn(root)).toEqual(before);
  });

  it('opens no debugger, which could read its secrets, when another program of its user asks for one', async () => {
    const { child, url } = await startDesk();
    const errors = text(child.stderr);
    child.kill('SIGUSR1');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await errors).not.toContain('Debugger listening');
  });

  it('is found dead by the health check once it is gone', async () => {
    const { exitCode } = await finish(run([HEALTH_CHECK], { PORT: String(await freePort()) }));
    expect(exitCode).toBe(1);
  });

  it('refuses to start on every address while nobody needs to sign in', async () => {
    const { exitCode, errors } = await finish(run(COMMAND, { UPSTREAM: 'sandbox' }));
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^HOST: is not a loopback address/);
  });

  it.each([
    ['the folder for its data is not its own', () => root, () => `the folder ${root}`],
    ['a database in it is not its own', foreignDatabase, () => join(folder, 'foreign/audit.sqlite')],
  ])('says what is wrong where %s', async (_what, prepare, name) => {
    const { exitCode, errors } = await finish(
      run(COMMAND, { HOST: '127.0.0.1', UPSTREAM: 'sandbox', DATA_DIR: prepare() }),
    );
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^DATA_DIR: cannot read and write .+: this server's user has no permission\..+\n$/);
    expect(errors).toContain(name());
  });
});

/** A folder that the server may write to, with a database that it may not. */
function foreignDatabase(): string {
  const path = join(folder, 'foreign');
  mkdirSync(path);
  writeFileSync(join(path, 'audit.sqlite'), '', { mode: 0o400 });
  if (isRoot) chownSync(path, NOBODY, NOBODY);
  return path;
}
