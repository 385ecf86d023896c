// From a keystroke that makes a field wrong, or right again, to the frame that shows it, in Chromium.

import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { installKeystrokeClock, type Keystroke } from './keystroke-clock.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, CREATED_ENVELOPE, VALID_REQUEST } from './samples.ts';
import { startSandboxDesk } from './servers.ts';
import { percentile } from './statistics.ts';

const KEYSTROKES = 200;
const WARM_UP_KEYSTROKES = 20;
/** People's keys follow no frame clock: a pause of a random length makes every phase of a frame as likely. */
const LONGEST_PAUSE_MS = 34;
const TUNNELS_IN_ACCOUNT = [20, 10_000] as const;
const SLOWDOWNS = [
  { factor: 1, name: 'unthrottled', maxTimesPlain: 1.3 },
  { factor: 4, name: '4× slower CPU', maxTimesPlain: 1.6 },
] as const;

/** A field, and where its error appears. */
interface Probe {
  readonly page: Page;
  readonly fieldSelector: string;
  readonly notesSelector: string;
}

export const keystrokesMeasurement: Measurement = {
  name: 'keystrokes',
  method:
    `Page: ${KEYSTROKES} keystrokes into the MD5 key of a filled form, a quotation mark and Backspace in turn, in ` +
    `headless Chromium at its 60 Hz,\nwith ${TUNNELS_IN_ACCOUNT.join(' or ')} tunnels in the account. From the key event's ` +
    'timestamp to the DOM holding the error (or none any more), and on to the\nend of the main thread’s work on the ' +
    'frame that shows it. The reference is a plain <input> whose handler writes one text\nnode: waiting for the next ' +
    'frame alone takes up to 16.7 ms, so that is the floor.',
  async run() {
    await using desk = await startSandboxDesk({ CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office` });
    const browser = await chromium.launch(chromiumLaunchOptions());
    try {
      const plain = await plainInput(browser);
      const rows: Row[] = [];
      for (const count of TUNNELS_IN_ACCOUNT) {
        rows.push(...(await measure(await filledForm(browser, desk.origin, count), plain, count)));
      }
      return rows;
    } finally {
      await browser.close();
    }
  },
};

async function measure(form: Probe, plain: Probe, tunnels: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { factor, name, maxTimesPlain } of SLOWDOWNS) {
    const formTimes = await typeInto(form, factor);
    const plainTimes = await typeInto(plain, factor);
    const row = (what: string, share: number, time: (keystroke: Keystroke) => number): Row => ({
      measurement: 'keystrokes',
      what: `${what}, ${tunnels.toLocaleString('en')} tunnels, ${name}`,
      unit: 'ms',
      figure: percentile(formTimes.map(time), share),
      reference: { what: 'plain input', figure: percentile(plainTimes.map(time), share) },
    });
    rows.push(
      row('to paint, p50', 0.5, ({ toPaintMs }) => toPaintMs),
      {
        ...row('to paint, p95', 0.95, ({ toPaintMs }) => toPaintMs),
        target: { kind: 'at most times', timesReference: maxTimesPlain },
      },
    );
  }
  return rows;
}

async function typeInto({ page, fieldSelector, notesSelector }: Probe, slowdown: number): Promise<Keystroke[]> {
  await page.bringToFront();
  await page.locator(fieldSelector).focus();
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const keystrokes: Keystroke[] = [];
  for (let count = 0; count < WARM_UP_KEYSTROKES + KEYSTROKES; count++) {
    // In steps of their own: a key travels to the page by another way than a script does.
    await page.evaluate((selector) => window.watchNextKeystroke(selector), notesSelector);
    await page.waitForTimeout(Math.random() * LONGEST_PAUSE_MS);
    await page.keyboard.press(count % 2 === 0 ? '"' : 'Backspace');
    keystrokes.push(await page.evaluate(() => window.watchedKeystroke));
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.detach();
  return keystrokes.slice(WARM_UP_KEYSTROKES);
}

/** A list as Cloudflare would give it. The desk itself does not pass on lists as long as the longest here. */
function tunnelList(count: number): string {
  const tunnels = Array.from({ length: count }, (_, index) => {
    const [high, low] = [Math.floor(index / 128), (index % 128) * 2];
    return {
      ...CREATED_ENVELOPE.result,
      id: index.toString(16).padStart(32, '0'),
      name: `branch-${index}`,
      interface_address: `10.${100 + Math.floor(high / 256)}.${high % 256}.${low}/31`,
      interface_address6: `2001:db8:200:${index.toString(16)}::2/127`,
      custom_remote_identities: { fqdn_id: `branch-${index}.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
    };
  });
  return JSON.stringify({ success: true, errors: [], messages: [], result: { ipsec_tunnels: tunnels } });
}

async function filledForm(browser: Browser, origin: string, tunnels: number): Promise<Probe> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(installKeystrokeClock);
  const list = tunnelList(tunnels);
  await page.route(`**${ipsecTunnelsPath(ACCOUNT_ID)}`, (route) =>
    route.fulfill({ contentType: 'application/json', body: list }),
  );
  await page.goto(origin, { waitUntil: 'networkidle' });
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field('Name').fill(VALID_REQUEST.name);
  await field('Description').fill(VALID_REQUEST.description);
  await field('Cloudflare endpoint').fill(VALID_REQUEST.cloudflare_endpoint);
  await field('Customer endpoint').fill(VALID_REQUEST.customer_endpoint);
  await field('Interface address').fill(VALID_REQUEST.interface_address);
  await field('IPv6 interface address').fill(VALID_REQUEST.interface_address6);
  await page.getByText('Generate one here').click();
  await field('Custom IKE identity').fill('branch-ams-1');
  await field('Use BGP').click();
  await field('Customer ASN').fill(String(VALID_REQUEST.bgp.customer_asn));
  await field('Extra prefixes').fill(VALID_REQUEST.bgp.extra_prefixes.join('\n'));
  await field('MD5 key').fill(VALID_REQUEST.bgp.md5_key);
  const id = await field('MD5 key').getAttribute('id');
  return { page, fieldSelector: `[id="${id}"]`, notesSelector: `[id="${id}-notes"]` };
}

async function plainInput(browser: Browser): Promise<Probe> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(installKeystrokeClock);
  await page.goto('data:text/html,<!doctype html><input id="field"><p id="notes"></p>');
  await page.evaluate(() => {
    const notes = document.querySelector('#notes');
    document.querySelector('#field')?.addEventListener('input', ({ target }) => {
      const isWrong = target instanceof HTMLInputElement && target.value.includes('"');
      if (notes !== null) notes.textContent = isWrong ? 'Character 1 is a quotation mark.' : '';
    });
  });
  return { page, fieldSelector: '#field', notesSelector: '#notes' };
}
