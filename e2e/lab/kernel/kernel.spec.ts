// The files of a pair, as downloaded, on a kernel with XFRM interfaces and ESP of its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../../support/desk.ts';
import { downloadFiles } from '../downloaded-files.ts';
import { EDGE_BGP, identityOf, PSK, SECOND, SECOND_LINK, SECOND_PSK, TUNNEL } from '../example-tunnels.ts';
import { CUSTOMER_ENDPOINT } from '../lab.ts';
import { missingRequirement } from '../requirements.ts';
import type { Pair } from './guest.ts';
import { getKernel, runMachine } from './virtual-machine.ts';

const GUEST = fileURLToPath(new URL('guest.ts', import.meta.url));

test('apply.sh puts a pair in place, check.sh says so, and the pair fails over', async ({ desk, page }) => {
  expect(missingRequirement()).toBeUndefined();
  const first = await desk.createElsewhere({ ...TUNNEL, psk: PSK });
  const second = await desk.createElsewhere({ ...SECOND, psk: SECOND_PSK });
  const files = await downloadFiles(page, [
    { tunnel: first, psk: PSK },
    { tunnel: second, psk: SECOND_PSK },
  ]);
  const pair: Pair = {
    customerEndpoint: CUSTOMER_ENDPOINT,
    files: Object.fromEntries(files),
    tunnels: [
      { ...EDGE_BGP, identity: identityOf(first.id), endpoint: first.cloudflare_endpoint, psk: PSK, interfaceId: 1 },
      {
        ...EDGE_BGP,
        ...SECOND_LINK,
        identity: SECOND.custom_remote_identities.fqdn_id,
        endpoint: second.cloudflare_endpoint,
        psk: SECOND_PSK,
        interfaceId: 2,
      },
    ],
  };
  using kernel = getKernel();
  const pairFile = join(kernel.folder, 'pair.json');
  writeFileSync(pairFile, JSON.stringify(pair));
  expect(await runMachine(kernel, [process.execPath, GUEST, pairFile])).toBe(true);
});
