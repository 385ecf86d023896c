import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      ...['shared', 'server', 'web'].map((name) => ({
        test: { name, root: `./${name}`, include: ['test/**/*.test.ts'] },
      })),
      { test: { name: 'hosting', root: './e2e', include: ['hosting/**/*.test.ts'] } },
      // In a group of their own, one at a time: they take the whole machine, and would starve what runs beside them.
      {
        test: {
          name: 'endurance',
          root: './e2e',
          include: ['endurance/**/*.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
