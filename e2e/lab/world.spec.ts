// The lab leaves nothing behind, however it ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from './lab-test.ts';

const UNATTENDED = fileURLToPath(new URL('unattended-world.ts', import.meta.url));

test('a world ends with the process that made it, even when that is killed', async () => {
  const before = traces();
  const maker = spawn(process.execPath, [UNATTENDED], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [pid] = await once(createInterface(maker.stdout), 'line');
    const namespace = readlinkSync(`/proc/${pid}/ns/pid_for_children`);
    expect(commandsIn(namespace)).toContain('charon-systemd');
    expect(traces()).toEqual(before);

    maker.kill('SIGKILL');
    await expect.poll(() => commandsIn(namespace)).toEqual([]);
    expect(traces()).toEqual(before);
  } finally {
    maker.kill('SIGKILL');
  }
});

/** The commands of the processes in a PID namespace. */
function commandsIn(namespace: string): string[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      return readlinkSync(`/proc/${entry}/ns/pid`) === namespace
        ? readFileSync(`/proc/${entry}/comm`, 'utf8').trim()
        : [];
    } catch {
      // It has ended since.
      return [];
    }
  });
}

/** Where daemons of their own would be seen by others: mounts, interfaces, and what they write. */
function traces() {
  const folders = ['/run', '/etc/swanctl/conf.d', '/etc/frr', '/etc/strongswan.d'];
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    interfaces: readdirSync('/sys/class/net'),
    files: folders.map((folder) => readdirSync(folder)),
  };
}
