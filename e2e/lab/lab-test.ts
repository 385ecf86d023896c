// Tests in a world of their own, skipped where there can be none.

import { test as base, expect } from '../support/desk.ts';
import { missingRequirement } from './requirements.ts';
import { createWorld, type World } from './world.ts';

const reason = missingRequirement();

export const test = base.extend<{ requirements: undefined; world: World }>({
  requirements: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const mustRun = process.env['CI'] !== undefined;
      // `ensure-packages.ts` has said so in one line.
      base.skip(reason !== undefined && !mustRun, `the lab cannot run here: ${reason}`);
      expect(reason, 'what the lab lacks').toBeUndefined();
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

export { expect };
