import { defineConfig } from 'vitest/config';

/** Limits are there for what hangs, not for what is slow: a busy machine must fail no test. In milliseconds. */
const limits = {
  testTimeout: 180_000,
  hookTimeout: 300_000,
  teardownTimeout: 60_000,
  expect: { poll: { timeout: 60_000 } },
};

/** Pure functions and nothing that a test could leave behind: one worker runs all their files, without starting anew. */
const pure = { isolate: false };

/** Most of the server's tests wait for a network or a disk that is made slow: more files at once than there are cores. */
const workers = { maxWorkers: 4 };

/** `npm test` runs all but those that begin with "long-", `npm run test:long` only those. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'shared', root: './shared', include: ['test/**/*.test.ts'], ...pure, ...workers, ...limits } },
      { test: { name: 'server', root: './server', include: ['test/**/*.test.ts'], ...workers, ...limits } },
      { test: { name: 'web', root: './web', include: ['test/**/*.test.ts'], ...pure, ...workers, ...limits } },
      { test: { name: 'hosting', root: './e2e', include: ['hosting/**/*.test.ts'], ...workers, ...limits } },
      {
        test: {
          name: 'long-fuzz',
          root: './server',
          include: ['test/fuzz.test.ts'],
          env: { FUZZ_REQUESTS: '10000' },
          ...workers,
          ...limits,
          testTimeout: 1_800_000,
        },
      },
      // In a group of their own, one at a time: they take the whole machine, and would starve what runs beside them.
      {
        test: {
          name: 'long-endurance',
          root: './e2e',
          include: ['endurance/**/*.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...limits,
          testTimeout: 1_800_000,
        },
      },
    ],
  },
});
