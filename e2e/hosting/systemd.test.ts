// The systemd unit, as far as it can be read without systemd: what it promises must be what the server does.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@tunnel-desk/server/config';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const unit = readFileSync(join(PROJECT, 'server/deploy/tunnel-desk.service'), 'utf8');

/** The values of a setting, in order; commented lines are not among them. */
function valuesOf(setting: string): string[] {
  return [...unit.matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))].map(([, value = '']) => value);
}

it('waits longer for the end than the server takes for it', () => {
  const result = readConfig({});
  if (!result.ok) throw new Error(result.problems.join('\n'));
  expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(result.config.shutdownGraceMs);
  expect(unit).toContain(`SHUTDOWN_GRACE_MS, which is ${result.config.shutdownGraceMs / 1000} s`);
});

it('starts the server where it is', () => {
  const [, script = ''] = /^\S+ --disable-sigusr1 (\S+)$/.exec(valuesOf('ExecStart')[0] ?? '') ?? [];
  expect(script).not.toBe('');
  expect(existsSync(join(PROJECT, script))).toBe(true);
});

it('hands every secret over as a file of its own, by variables that the server reads', () => {
  const secrets = [...unit.matchAll(/^#?LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
  const variables = [...unit.matchAll(/^#?Environment=(\w+_FILE)=%d\/([\w-]+)$/gm)];
  expect(variables.map(([, , name]) => name)).toEqual(secrets);
  for (const [, variable = ''] of variables) {
    const result = readConfig({ [variable]: '/nonexistent' });
    expect(!result.ok && result.problems.join('\n')).toContain(`${variable}: cannot read the file it names`);
  }
  expect(unit).not.toMatch(/^Environment=\w*(?:TOKEN|SECRET)=/m);
});

it('leaves no secret in a core dump or a file that others can read, and limits its memory', () => {
  expect(valuesOf('LimitCORE')).toEqual(['0']);
  expect(valuesOf('UMask')).toEqual(['0077']);
  expect(valuesOf('MemoryMax')).toEqual([expect.stringMatching(/^\d+M$/)]);
});

it('shuts the server in', () => {
  for (const setting of ['DynamicUser', 'NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'PrivateDevices']) {
    expect(valuesOf(setting), setting).toEqual(['yes']);
  }
  expect(valuesOf('ProtectSystem')).toEqual(['strict']);
  expect(valuesOf('CapabilityBoundingSet')).toEqual(['']);
  expect(valuesOf('SystemCallFilter')).toEqual(['@system-service', '~@privileged @resources']);
});
