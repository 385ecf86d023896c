// The desk with a clock of its event loop: no product, but how long it keeps others waiting is read from it.
//
// On a port of its own it responds with the longest stretches since the last time it was asked, from one turn of the loop to
// the next in milliseconds: by the clock, and of the main thread's processor time alone.

import { createServer } from 'node:http';
import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.problems.join('\n'));
const { host, port } = result.config;
const app = await buildApp(result.config);
await app.listen({ host, port });

let [longestWall, longestProcessor] = [0, 0];
let [wall, processor] = [performance.now(), processorMs()];

function turn(): void {
  const [wallNow, processorNow] = [performance.now(), processorMs()];
  longestWall = Math.max(longestWall, wallNow - wall);
  longestProcessor = Math.max(longestProcessor, processorNow - processor);
  [wall, processor] = [wallNow, processorNow];
  setImmediate(turn);
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

createServer((_request, response) => {
  response.end(`${longestWall} ${longestProcessor}`);
  [longestWall, longestProcessor] = [0, 0];
}).listen(Number(process.env['CLOCK_PORT']), '127.0.0.1');
turn();
