import { defineConfig } from '@playwright/test';
import suite from '../../playwright.config.ts';

const { use = {} } = suite;

/** The lab in a virtual machine, by `npm run lab:kernel`. */
export default defineConfig({
  use,
  testDir: '.',
  workers: 1,
  reporter: 'list',
  // For what hangs: the machine gives up by itself before.
  timeout: 3_600_000,
  expect: { timeout: 30_000 },
});
