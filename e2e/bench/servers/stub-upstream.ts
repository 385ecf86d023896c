// A stand-in for Cloudflare that costs as little as Node.js allows: one fixed response to whoever sends the token.

import { createServer } from 'node:http';
import { API_TOKEN, CREATED_ENVELOPE } from '../samples.ts';

const CREATED = Buffer.from(JSON.stringify(CREATED_ENVELOPE));
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': CREATED.length,
  'cf-ray': '8f2b5c3d4e6a7b80-AMS',
};
/** Longer than the measurement: no proxy shall find its connection closed between two rounds. */
const KEEP_ALIVE_MS = 600_000;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  request.resume().once('end', () => {
    if (request.headers.authorization === `Bearer ${API_TOKEN}`) response.writeHead(200, HEADERS).end(CREATED);
    else response.writeHead(403).end();
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
