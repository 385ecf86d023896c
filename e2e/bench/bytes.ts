// The JavaScript and CSS that a browser must fetch before the first view of the form, as the server sends them.

import { get } from 'node:http';
import type { Measurement, Row } from './report.ts';
import { startSandboxDesk } from './servers.ts';

const MAX_KILOBYTES = 190;
const KINDS = { script: 'JavaScript', stylesheet: 'CSS' } as const;

type Kind = keyof typeof KINDS;

interface Asset {
  readonly url: string;
  readonly kind: Kind;
}

export const bytesMeasurement: Measurement = {
  name: 'bytes',
  method:
    'Page: body bytes of all JavaScript and CSS that the page names, without which the form does not show, with ' +
    'Accept-Encoding: br and, as the reference, gzip.',
  async run() {
    await using desk = await startSandboxDesk();
    const assets = await assetsOf(desk.origin);
    const kilobytes = async (kinds: readonly Kind[], encoding: 'br' | 'gzip') => {
      const counted = assets.filter(({ kind }) => kinds.includes(kind)).map(({ url }) => bodyBytes(url, encoding));
      return (await Promise.all(counted)).reduce((sum, bytes) => sum + bytes, 0) / 1000;
    };
    const row = async (what: string, kinds: readonly Kind[]): Promise<Row> => ({
      measurement: 'bytes',
      what,
      unit: 'kB',
      figure: await kilobytes(kinds, 'br'),
      reference: { what: 'gzip', figure: await kilobytes(kinds, 'gzip') },
    });
    const total = await row('both, brotli', ['script', 'stylesheet']);
    return [
      await row('JavaScript, brotli', ['script']),
      await row('CSS, brotli', ['stylesheet']),
      { ...total, target: { kind: 'at most', figure: MAX_KILOBYTES } },
    ];
  },
};

/** What the page itself names: the form cannot show before these are there, and what it loads afterwards is not among them. */
async function assetsOf(url: string): Promise<Asset[]> {
  const html = await (await fetch(url)).text();
  const paths = Array.from(html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g), ([, path = '']) => path);
  return paths.map((path) => ({
    url: new URL(path, url).href,
    kind: path.endsWith('.css') ? 'stylesheet' : 'script',
  }));
}

/** How many bytes the body has on the wire; throws when the server does not send it in that encoding. */
function bodyBytes(url: string, encoding: 'br' | 'gzip'): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve(bytes));
      if (response.headers['content-encoding'] !== encoding) reject(new Error(`${url} does not come as ${encoding}`));
    });
    request.once('error', reject);
  });
}
