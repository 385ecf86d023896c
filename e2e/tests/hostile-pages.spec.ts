// What the page of another site can do through a browser that reaches the desk: it creates nothing and reads nothing.
// The desk here has no sign-in, so no request fails merely for want of a cookie or token.

import type { Page } from '@playwright/test';
import { API_PREFIX, ipsecTunnelsPath, SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { ACCOUNT, type Desk } from '../support/desk.ts';
import { expect, test } from '../support/hostile-site.ts';

const PATH = API_PREFIX + ipsecTunnelsPath(ACCOUNT.id);
const REQUEST = { name: 'hostile', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };
const BODY = JSON.stringify(REQUEST);

interface Post {
  readonly url: string;
  readonly type: string;
  readonly mode: RequestMode;
}

/** The status of a POST by the page's own script, or how it failed. */
function post(page: Page, { url, type, mode }: Post): Promise<string> {
  return page.evaluate(
    async ([url, type, mode, body]) => {
      const headers = { 'content-type': type };
      const init: RequestInit = { method: 'POST', mode, credentials: 'include', headers, body };
      return fetch(url, init).then(
        (response) => `${response.type} ${response.status}`,
        (error: Error) => error.name,
      );
    },
    [url, type, mode, BODY] as const,
  );
}

/** Nothing that the other site's page requested reached Cloudflare, not even a list. */
async function expectNothingHappened(desk: Desk): Promise<void> {
  expect(await desk.tunnels()).toEqual([]);
  expect(desk.upstreamRequests).toEqual([]);
}

test("the desk's own page creates a tunnel with the request that the hostile pages below try", async ({
  page,
  desk,
}) => {
  await page.goto('/favicon.svg');
  const own: Post = { url: desk.url + PATH, type: 'application/json', mode: 'cors' };
  expect(await post(page, own)).toBe('basic 200');
  expect(await desk.tunnels()).toHaveLength(1);
});

for (const which of ['foreign', 'sister'] as const) {
  test.describe(`a page of a ${which} site`, () => {
    test.beforeEach(async ({ page, hostileSite }) => {
      await page.goto(hostileSite[which]);
    });

    for (const [how, type, mode, status] of [
      ['as JSON, which needs a preflight', 'application/json', 'cors', '403 OPTIONS'],
      ['as plain text, which needs no preflight', 'text/plain', 'cors', '403 POST'],
      ['as plain text without reading the response', 'text/plain', 'no-cors', '403 POST'],
      ['as a form without reading the response', 'application/x-www-form-urlencoded', 'no-cors', '403 POST'],
    ] as const) {
      test(`cannot create by fetch ${how}`, async ({ page, desk }) => {
        expect(await post(page, { url: desk.url + PATH, type, mode })).toBe('TypeError');
        await expect.poll(() => desk.responses).toEqual([`${status} ${PATH}`]);
        await expectNothingHappened(desk);
      });
    }

    test('cannot create by a form whose fields make JSON', async ({ page, desk }) => {
      const responded = page.waitForResponse(desk.url + PATH);
      await page.evaluate(
        ([url, body]) => {
          const form = document.createElement('form');
          Object.assign(form, { method: 'POST', enctype: 'text/plain', action: url });
          const field = document.createElement('input');
          // Sent as name=value: the equals sign ends up inside a string.
          Object.assign(field, { name: `${body.slice(0, -1)},"description":"`, value: '"}' });
          form.append(field);
          document.body.append(form);
          form.submit();
        },
        [desk.url + PATH, BODY] as const,
      );
      expect((await responded).status()).toBe(403);
      await expectNothingHappened(desk);
    });

    test('cannot create by a beacon', async ({ page, desk }) => {
      await page.evaluate(([url, body]) => navigator.sendBeacon(url, new Blob([body], { type: 'application/json' })), [
        desk.url + PATH,
        BODY,
      ] as const);
      await expect.poll(() => desk.responses).toEqual([`403 OPTIONS ${PATH}`]);
      await expectNothingHappened(desk);
    });

    test('cannot read the API, neither by fetch nor as a script, a picture or a style', async ({ page, desk }) => {
      const outcomes = await page.evaluate(async (url) => {
        const read = (mode: RequestMode) =>
          fetch(url, { mode, credentials: 'include' }).then(
            async (response) => response.type + (await response.text()),
            (error: Error) => error.name,
          );
        const load = (tag: string, attributes: object) =>
          new Promise((resolve) => {
            const element = Object.assign(document.createElement(tag), attributes);
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('refused');
            document.head.append(element);
          });
        return [
          await read('cors'),
          await read('no-cors'),
          await load('script', { src: url }),
          await load('img', { src: url }),
          await load('link', { rel: 'stylesheet', href: url }),
        ];
      }, desk.url + PATH);
      expect(outcomes).toEqual(['TypeError', 'TypeError', 'refused', 'refused', 'refused']);
      await expect.poll(() => desk.responses).toEqual(Array(5).fill(`403 GET ${PATH}`));
      await expectNothingHappened(desk);
    });

    test('cannot frame the desk', async ({ page, desk }) => {
      await page.evaluate(
        (url) =>
          new Promise((resolve) => {
            const frame = Object.assign(document.createElement('iframe'), { src: url, onload: resolve });
            document.body.append(frame);
          }),
        `${desk.url}/tunnels/new`,
      );
      await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
      await expect(page.frameLocator('iframe').getByText('Tunnel Desk')).toHaveCount(0);
      await expectNothingHappened(desk);
    });

    test('has no handle on a desk that it opens in a tab', async ({ page, desk }) => {
      const opening = page.waitForEvent('popup');
      const opened = await page.evaluateHandle((url) => window.open(url), `${desk.url}/tunnels/new`);
      const popup = await opening;
      await popup.getByLabel('Name', { exact: true }).waitFor();
      expect(await popup.evaluate(() => window.opener)).toBeNull();
      // To the page that opened it, it looks closed, and has nothing to read.
      expect(await opened.evaluate((window) => window?.closed)).toBe(true);
      expect(await opened.evaluate((window) => window?.length)).toBe(0);
    });
  });
}

test.describe('a host name rebound to the address of the desk', () => {
  test('opens no page of the desk', async ({ page, desk, hostileSite }) => {
    const response = await page.goto(`${hostileSite.rebound(desk.url)}/tunnels/new`);
    expect(response?.status()).toBe(421);
    await expect(page.getByText('not served under that host name')).toBeVisible();
  });

  test('lets a page under it neither read nor create', async ({ page, desk, hostileSite }) => {
    // To the browser the page and the desk are one origin now.
    await page.goto(hostileSite.rebound(desk.url));
    const session = await page.evaluate(async (path) => {
      const response = await fetch(path);
      return { type: response.type, status: response.status, text: await response.text() };
    }, SESSION_PATH);
    expect(session).toMatchObject({ type: 'basic', status: 421 });
    expect(session.text).not.toContain(ACCOUNT.label);
    expect(await post(page, { url: PATH, type: 'application/json', mode: 'cors' })).toBe('basic 421');
    await expectNothingHappened(desk);
  });
});
