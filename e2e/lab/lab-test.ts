// Tests in a world of their own, skipped where there can be none.

import { readFile } from 'node:fs/promises';
import { test as base } from '../support/desk.ts';
import { missingRequirement } from './requirements.ts';
import { createWorld, type Machine, type World } from './world.ts';

const reason = missingRequirement();

export const test = base.extend<{ requirements: undefined; world: World }>({
  requirements: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      // `ensure-packages.ts` has said so in one line, and fails where it must not be so.
      base.skip(reason !== undefined, `the lab cannot run here: ${reason}`);
      await use(undefined);
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  world: async ({}, use) => {
    await using world = await createWorld();
    await use(world);
  },
});

/** Puts a script of this folder on a machine, and returns where it is. */
export async function putScript(machine: Machine, name: string): Promise<string> {
  const path = `/run/${name}`;
  await machine.write(path, await readFile(new URL(name, import.meta.url), 'utf8'));
  return path;
}

export { expect } from '@playwright/test';
