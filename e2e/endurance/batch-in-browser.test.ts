// A batch that a person runs in a browser through a rough network: the desk is killed again and again, the browser crashes in
// the middle, and another one goes on. Every tunnel that was asked for is there once, and what the page says is true.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { batchPath } from '@tunnel-desk/shared/api/paths';
import { it, onTestFinished } from 'vitest';
import { ACCOUNT_ID } from '../bench/samples.ts';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { runClockFast } from '../support/fast-clock.ts';
import { temporaryFolder } from '../support/processes.ts';
import { BRANCHES, CREATED, expectTrueBatch, isOver, ROWS, readBatch, takeNames } from './branches.ts';
import { kill, startDesk, startSandboxProcess, tunnelsIn } from './killed-desk.ts';

/** At its own pace a run of so many rows takes more than four minutes. */
const TIMES_FASTER = 10;
/** By the number of tunnels that are there. */
const KILLS_BEFORE_THE_CRASH = [60, 150];
const CRASH = 220;
const KILLS_AFTER_THE_CRASH = [290, 400];
const LOOK_AGAIN_MS = 50;
const SEED = process.env['FUZZ_SEED'] ?? randomUUID();
const IMPORT_PATH = `/accounts/${ACCOUNT_ID}/ipsec-tunnels/import`;

async function openBrowser() {
  const server = await chromium.launchServer(chromiumLaunchOptions());
  onTestFinished(() => server.kill());
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage();
  page.on('dialog', (dialog) => void dialog.accept());
  await runClockFast(page, TIMES_FASTER);
  return { page, isOpen: () => browser.isConnected(), crash: () => server.kill() };
}

/** As a spreadsheet saves it. */
function importFile() {
  const headers = 'name,cloudflare_endpoint,customer_endpoint,interface_address,psk';
  const lines = BRANCHES.map(({ request, psk = '' }) =>
    [request.name, request.cloudflare_endpoint, request.customer_endpoint, request.interface_address, psk].join(','),
  );
  return { name: 'branches.csv', mimeType: 'text/csv', buffer: Buffer.from([headers, ...lines].join('\n')) };
}

/** Presses whatever the page offers to go on with, as soon as it does. */
async function goOn(page: Page, isDone: () => Promise<boolean>): Promise<void> {
  const offers = [/^Generate (a new key|new keys)/, /^(Resume|Create \d)/, /^Try \d+ tunnels? not created again/];
  while (!(await isDone())) {
    for (const name of offers) {
      const button = page.getByRole('button', { name });
      const isOffered = await button.isVisible().catch(() => false);
      // It may be gone by now, and the browser too.
      if (isOffered) await button.click({ timeout: 1_000 }).catch(() => undefined);
    }
    await delay(LOOK_AGAIN_MS);
  }
}

it(`${ROWS} rows become ${CREATED} tunnels, none twice, through killed desks and a browser that crashes`, async () => {
  console.log(`FUZZ_SEED=${SEED}`);
  const sandboxUrl = await startSandboxProcess(SEED);
  const dataDir = temporaryFolder();
  let desk = await startDesk(sandboxUrl, dataDir);
  const { origin } = desk;
  const port = Number(new URL(origin).port);
  const thereAre = async (count: number) => {
    while ((await tunnelsIn(sandboxUrl)).length < count) await delay(LOOK_AGAIN_MS);
  };
  const killWhenThereAre = async (count: number) => {
    await thereAre(count);
    await kill(desk);
    desk = await startDesk(sandboxUrl, dataDir, port);
  };

  const first = await openBrowser();
  await first.page.goto(origin + IMPORT_PATH);
  await first.page.setInputFiles('input[type="file"]', importFile());
  await first.page.getByRole('button', { name: `Create ${ROWS} tunnels` }).click();
  const taken = await takeNames(sandboxUrl);
  await first.page
    .getByRole('dialog')
    .getByRole('button', { name: `Create ${ROWS} tunnels` })
    .click();
  await first.page.waitForURL(/\/batches\//);
  const batchUrl = first.page.url();
  const path = batchPath(ACCOUNT_ID, batchUrl.split('/').at(-1) ?? '');
  const begun = goOn(first.page, async () => !first.isOpen());
  await first.page.getByRole('switch', { name: 'Pause at the first failure' }).click();
  for (const count of KILLS_BEFORE_THE_CRASH) await killWhenThereAre(count);
  await thereAre(CRASH);
  await first.crash();
  await begun;

  const second = await openBrowser();
  await second.page.goto(batchUrl);
  await second.page.getByRole('switch', { name: 'Pause at the first failure' }).click();
  const rest = goOn(second.page, async () => {
    const batch = await readBatch(origin, path).catch(() => undefined);
    return batch?.rows.every(isOver) ?? false;
  });
  for (const count of KILLS_AFTER_THE_CRASH) await killWhenThereAre(count);
  await rest;
  await second.page.getByRole('heading', { name: `${CREATED} of ${ROWS} tunnels created` }).waitFor();
  await expectTrueBatch(desk, { sandboxUrl, path, dataDir }, taken);
});
