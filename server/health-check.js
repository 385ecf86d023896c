// Ends with status 0 when the server of the same environment is alive, else with 1: for images, which have no curl.

import { get } from 'node:http';

/** In milliseconds. */
const TIMEOUT_MS = 3000;

const { HOST, PORT } = process.env;
// A server that listens on every address is asked on the machine's own.
const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[HOST] ?? (HOST || '127.0.0.1');

get({ host, port: PORT || 3000, path: '/healthz', timeout: TIMEOUT_MS }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
