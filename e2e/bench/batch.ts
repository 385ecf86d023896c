// A batch of 200 tunnels on its page, beside what its pace alone takes.

import { randomUUID } from 'node:crypto';
import { chromium } from '@playwright/test';
import type { NewBatch } from '@tunnel-desk/shared/api/batches';
import { API_PREFIX, batchPath } from '@tunnel-desk/shared/api/paths';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import type { Measurement } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { startSandboxDesk } from './servers.ts';

const TUNNELS = 200;
/** Of the page. */
const SENT_PER_SECOND = 2;
const MAX_TIMES_PACE = 1.1;

export const batchMeasurement: Measurement = {
  name: 'batch',
  method:
    `Page: a batch of ${TUNNELS} tunnels, from pressing the button until the page says that all are created, once. The reference is\n` +
    `${TUNNELS} at the page’s pace of ${SENT_PER_SECOND} a second.`,
  async run() {
    await using desk = await startSandboxDesk({ CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office` });
    const browser = await chromium.launch(chromiumLaunchOptions());
    try {
      const page = await browser.newPage({ baseURL: desk.origin });
      const batchId = randomUUID();
      const begun = await page.request.put(API_PREFIX + batchPath(ACCOUNT_ID, batchId), { data: newBatch() });
      if (!begun.ok()) throw new Error(`the desk refused the batch: ${begun.status()}`);
      await page.goto(`/accounts/${ACCOUNT_ID}/ipsec-tunnels/batches/${batchId}`);
      await page.getByRole('button', { name: `Create ${TUNNELS} tunnels` }).click();
      const startedAt = performance.now();
      await page
        .getByRole('heading', { name: `${TUNNELS} of ${TUNNELS} tunnels created` })
        .waitFor({ timeout: 10 * TUNNELS * 1000 });
      return [
        {
          measurement: 'batch',
          what: `a batch of ${TUNNELS} tunnels`,
          unit: 'ms',
          figure: performance.now() - startedAt,
          reference: { what: 'its pace alone', figure: (TUNNELS / SENT_PER_SECOND) * 1000 },
          target: { kind: 'at most times', timesReference: MAX_TIMES_PACE },
        },
      ];
    } finally {
      await browser.close();
    }
  },
};

function newBatch(): NewBatch {
  return {
    source: { kind: 'file', name: 'sites.csv' },
    rows: Array.from({ length: TUNNELS }, (_, index) => ({
      request: {
        name: `site-${index}`,
        cloudflare_endpoint: '162.159.64.1',
        customer_endpoint: `198.18.0.${index}`,
        interface_address: `172.16.${index >> 7}.${2 * (index & 127)}/31`,
      },
      keySource: 'later',
    })),
  };
}
