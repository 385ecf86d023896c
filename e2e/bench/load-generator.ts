// Runs autocannon as asked over the process channel. Latencies are taken from its single responses, because its own
// histogram counts whole milliseconds.

import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import type { LoadRequest, LoadResult } from './load.ts';
import { percentile } from './statistics.ts';

process.on('message', async (request: LoadRequest) => process.send?.(await generate(request)));
process.once('disconnect', () => process.exit());

async function generate({
  seconds,
  keyHeader,
  ...request
}: LoadRequest): Promise<LoadResult | { readonly failure: unknown }> {
  const latencies: number[] = [];
  const start = performance.now();
  const instance = autocannon({
    ...request,
    method: request.body === undefined ? 'GET' : 'POST',
    duration: seconds,
    sampleInt: 50,
    ...(keyHeader !== undefined && { requests: [{ setupRequest: (each) => withKey(each, keyHeader) }] }),
  });
  let end = start;
  instance.on('response', (_client, _status, _bytes, latencyMs) => {
    latencies.push(latencyMs);
    end = performance.now();
  });
  const { errors, timeouts, non2xx } = await instance;
  if (errors + timeouts + non2xx > 0) return { failure: { errors, timeouts, non2xx } };
  return {
    requestsPerSecond: (latencies.length / (end - start)) * 1000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

function withKey(request: autocannon.Request, keyHeader: string): autocannon.Request {
  return { ...request, headers: { ...request.headers, [keyHeader]: randomUUID() } };
}
