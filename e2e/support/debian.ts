// Packages of Debian, for the tests that need one: installed where this runs as root on Debian, without starting anything.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** For what hangs, not for what is slow: apt-get stops by itself, within 15 s, where nobody responds. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const APT_OPTIONS = ['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::https::Timeout=15'];
/** Debian starts the services of a package at once, unless this file forbids it. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

export function isRootOnDebian(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Those of the packages that are not installed. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat=\u0024{db:Status-Status}', name]);
    return String(stdout) !== 'installed';
  });
}

/** Installs packages where this may, and tells whether that went well. */
export function installFromDebian(names: readonly string[]): boolean {
  if (!isRootOnDebian()) return false;
  const isPolicyOurs = !existsSync(SERVICE_POLICY);
  if (isPolicyOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return apt(['-qq', 'update']) && apt(['install', '-y', '-qq', '--no-install-recommends', ...names]);
  } finally {
    if (isPolicyOurs) rmSync(SERVICE_POLICY);
  }
}

function apt(args: readonly string[]): boolean {
  return runVisibly('apt-get', [...APT_OPTIONS, ...args], { DEBIAN_FRONTEND: 'noninteractive' });
}

/** Runs a command that the person sees at work, and tells whether it succeeded. */
export function runVisibly(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): boolean {
  console.log(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, ...environment };
  return spawnSync(command, args, { stdio: 'inherit', timeout: INSTALL_TIMEOUT_MS, env }).status === 0;
}
