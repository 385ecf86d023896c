// A stand-in for Cloudflare that lists 10,000 tunnels with every field in one response, and one tunnel for the other account.

import { createServer } from 'node:http';
import { ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { ACCOUNT_ID, listOf, OTHER_ACCOUNT_ID } from '../samples.ts';

const LISTS = new Map([
  [ipsecTunnelsPath(ACCOUNT_ID), Buffer.from(JSON.stringify(listOf(10_000)))],
  [ipsecTunnelsPath(OTHER_ACCOUNT_ID), Buffer.from(JSON.stringify(listOf(1)))],
]);

const server = createServer((request, response) => {
  const list = LISTS.get(request.url ?? '');
  if (list === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': 'application/json', 'content-length': list.length }).end(list);
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
