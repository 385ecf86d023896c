import { defineConfig, devices } from '@playwright/test';
import { chromiumLaunchOptions } from './support/chromium.ts';

export default defineConfig({
  projects: [
    { name: 'browser', testDir: './tests' },
    // Its polls wait for daemons that take seconds on a quiet machine.
    { name: 'lab', testDir: './lab', testIgnore: 'kernel/**', expect: { timeout: 120_000 } },
  ],
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  // For what hangs, not for what is slow: a busy machine must fail no test.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 900 },
    launchOptions: chromiumLaunchOptions(),
    // Recording every test takes a quarter of the time: `npx playwright test --trace on NAME` shows one.
    trace: 'off',
    // Results are compared with what the person sees, in one language and time zone everywhere.
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
});
