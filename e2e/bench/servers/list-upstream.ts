// A stand-in for Cloudflare that lists 10,000 tunnels with every field in one response, and one tunnel for the other account.
//
// With `HEALTH` set it has measured the health of the 10,000; `/queries` says how often it was asked for that. After `/change`
// every tunnel has another description.

import { createServer } from 'node:http';
import { ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { ACCOUNT_ID, healthOf, listOf, OTHER_ACCOUNT_ID } from '../samples.ts';

const COUNT = 10_000;
const LISTS = new Map([
  [ipsecTunnelsPath(ACCOUNT_ID), Buffer.from(JSON.stringify(listOf(COUNT)))],
  [ipsecTunnelsPath(OTHER_ACCOUNT_ID), Buffer.from(JSON.stringify(listOf(1)))],
]);
const hasHealth = process.env['HEALTH'] !== undefined;
let queries = 0;

const server = createServer(({ url = '' }, response) => {
  if (url === '/queries') return response.end(String(queries));
  if (url === '/change') {
    const changed = JSON.stringify(listOf(COUNT)).replaceAll('"description":"', '"description":"changed: ');
    LISTS.set(ipsecTunnelsPath(ACCOUNT_ID), Buffer.from(changed));
    return response.end();
  }
  if (url === '/graphql') queries += 1;
  const body =
    url === '/graphql' && hasHealth ? Buffer.from(JSON.stringify(healthOf(COUNT, Date.now()))) : LISTS.get(url);
  if (body === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
