// What the project is built from: every version and hash written down, checked before anything of it runs, and listed.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import serverPackage from '../../server/package.json' with { type: 'json' };
import sharedPackage from '../../shared/package.json' with { type: 'json' };
import webPackage from '../../web/package.json' with { type: 'json' };

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE_MANAGER = join(PROJECT, '.package-manager');
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

interface LockFile {
  readonly packages: Record<string, { version?: string; integrity?: string; optional?: true }>;
}

function readLockFile(folder: string): LockFile {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-supply-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The same command on the package manager in another folder. */
function installPackageManager(folder: string) {
  const [, command = ''] = /(npm ci \S.*?) &&/.exec(rootPackage.scripts.setup) ?? [];
  const { status, stderr } = spawnSync(command.replace(' --silent', ''), {
    shell: true,
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: undefined },
  });
  return { status, stderr };
}

/** A copy in which the packages whose name begins so have the hash of something else. */
function withWrongHash(name: string): string {
  const folder = temporaryFolder();
  const copy = join(folder, '.package-manager');
  cpSync(PACKAGE_MANAGER, copy, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const lock = readLockFile(copy);
  const wrong = Object.entries(lock.packages).filter(([path, entry]) => entry.integrity && path.endsWith(name));
  expect(wrong).toHaveLength(1);
  for (const [, entry] of wrong) entry.integrity = `sha512-${'A'.repeat(86)}==`;
  writeFileSync(join(copy, 'package-lock.json'), JSON.stringify(lock));
  return folder;
}

describe('the package manager', () => {
  it('has its hash in a lock file, and so has its binary for Linux', () => {
    const { packages } = readLockFile(PACKAGE_MANAGER);
    for (const name of ['pnpm', '@pnpm/exe.linux-x64', '@pnpm/exe.linux-arm64']) {
      expect(packages[`node_modules/${name}`]?.integrity, name).toMatch(SHA512);
    }
    const versions = Object.entries(packages).flatMap(([path, { version }]) => (path === '' ? [] : [version]));
    expect(new Set(versions).size).toBe(1);
  });

  it('is what every script runs, and never what a registry has under its name at the moment', () => {
    const scripts = [
      ...Object.values(rootPackage.scripts),
      readFileSync(`${PROJECT}/server/deploy/assemble.sh`, 'utf8'),
    ];
    for (const script of scripts) expect(script).not.toMatch(/\bnpx\b|\bnpm exec\b|\bcorepack\b/);
    expect(rootPackage.scripts.setup).toContain('npm ci --silent --prefix .package-manager --ignore-scripts');
  });

  it('is not installed where its hash is another', () => {
    const folder = withWrongHash('node_modules/pnpm');
    const { status, stderr } = installPackageManager(folder);
    expect(status).not.toBe(0);
    expect(stderr).toContain('EINTEGRITY');
    expect(existsSync(join(folder, '.package-manager/node_modules/pnpm'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('has no binary where the hash of that is another', () => {
    const platform = `${process.platform}-${process.arch}`;
    const folder = withWrongHash(`node_modules/@pnpm/exe.${platform}`);
    installPackageManager(folder);
    expect(existsSync(join(folder, `.package-manager/node_modules/@pnpm/exe.${platform}`))).toBe(false);
  });
});

describe('what it installs', () => {
  it.each(globSync('{.,shared,server,web,e2e,.package-manager}/package.json', { cwd: PROJECT }))(
    'has exact versions: %s',
    (path) => {
      const { dependencies, devDependencies } = JSON.parse(readFileSync(join(PROJECT, path), 'utf8'));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(version, name).toMatch(/^(?:\d+\.\d+\.\d+|workspace:\*)$/);
      }
    },
  );

  it('is checked against the hashes of the lock file, each of them', () => {
    const lock = readFileSync(join(PROJECT, 'pnpm-lock.yaml'), 'utf8');
    const [, packages = ''] = /^packages:\n(.*?)^snapshots:/ms.exec(lock) ?? [];
    const resolutions = packages.match(/^ {4}resolution: .*$/gm) ?? [];
    expect(resolutions.length).toBeGreaterThan(200);
    for (const resolution of resolutions) expect(resolution).toMatch(/\{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/);
    expect(rootPackage.scripts.setup).toContain('install --frozen-lockfile');
  });
});

it('builds the image on a base that nobody can exchange', () => {
  const dockerfile = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8');
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  expect(bases).toHaveLength(2);
  expect(new Set(bases).size).toBe(1);
  expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/);
});

it('lists every production dependency of the server and the web app in a CycloneDX file', () => {
  const file = join(temporaryFolder(), 'sbom.json');
  const command = rootPackage.scripts.sbom.split(' && ').at(-1)?.replace('tunnel-desk.cdx.json', file);
  execFileSync('sh', ['-c', command ?? ''], { cwd: PROJECT, stdio: 'pipe' });
  const sbom = JSON.parse(readFileSync(file, 'utf8'));
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.stringMatching(/^1\.[5-9]$/) });
  const listed = sbom.components.map(({ purl }: { readonly purl: string }) => decodeURIComponent(purl));
  const direct = [serverPackage, sharedPackage, webPackage].flatMap(({ dependencies }) => Object.entries(dependencies));
  for (const [name, version] of direct) {
    if (version !== 'workspace:*') expect(listed).toContain(`pkg:npm/${name}@${version}`);
  }
  // And what those need in turn, but nothing that is only built or tested with.
  expect(listed).toEqual(expect.arrayContaining([expect.stringMatching(/^pkg:npm\/find-my-way@/)]));
  for (const name of Object.keys(rootPackage.devDependencies)) {
    expect(listed).not.toContainEqual(expect.stringMatching(new RegExp(`^pkg:npm/${name}@`)));
  }
});
