// However much an upstream sends, this server keeps little of it: measured, because no response shows what it cost.

import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { expect, it } from 'vitest';
import { create, startDesk, upstreamAt } from '../support/desk.ts';
import { SMALLEST_REQUEST } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';

const MIB = 1024 * 1024;
const AT_ONCE = 20;
/** Of memory, for 20 responses of 1 MiB and all that a process does besides; whole, those responses are 1 GiB or more. */
const MAX_GROWTH_MIB = 250;

/** The most memory this process has ever held. */
function peakMib(): number {
  return process.resourceUsage().maxRSS / 1024;
}

const bomb = gzipSync(Buffer.alloc(50 * MIB));

/** Writes for as long as somebody reads, and returns how much that was so far. */
function writeEndlessly(response: ServerResponse): () => number {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let written = 0;
  const writeOn = () => {
    while (!response.destroyed && response.write(chunk)) written += chunk.length;
    if (!response.destroyed) response.once('drain', writeOn);
  };
  writeOn();
  return () => written;
}

/** Validates through a desk in front of the stub: the desk reads none of its responses, and does not grow with them. */
async function expectUnintelligibleInLittleMemory(baseUrl: string): Promise<void> {
  const desk = await startDesk(upstreamAt(baseUrl));
  const before = peakMib();
  const validations = Array.from({ length: AT_ONCE }, () =>
    create(desk, SMALLEST_REQUEST, { query: '?validate_only=true' }),
  );
  for (const { envelope } of await Promise.all(validations)) {
    expect(envelope.errors).toMatchObject([{ code: ERRORS.upstreamUnintelligible.code }]);
  }
  expect(peakMib() - before).toBeLessThan(MAX_GROWTH_MIB);
}

it('takes 20 compressed bombs of 50 MiB at once without inflating one', async () => {
  const stub = await startStub((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
  });
  await expectUnintelligibleInLittleMemory(stub.baseUrl);
});

it('closes the connections of 20 responses without an end', async () => {
  const written: (() => number)[] = [];
  const stub = await startStub((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    written.push(writeEndlessly(response));
  });
  await expectUnintelligibleInLittleMemory(stub.baseUrl);
  // What is beyond the limit stood in the sockets' own buffers.
  for (const bytes of written) expect(bytes()).toBeLessThan(20 * MIB);
});
