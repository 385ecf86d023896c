// Batches of creates, begun, read and sent row by row over real sockets.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { create, startDesk } from '../support/desk.ts';
import { batchesIn, batchIn, batchOf, begin, ID, requestOf, sendRow } from './support.ts';

describe('a batch', () => {
  it('is none at first', async () => {
    expect(await batchesIn(await startDesk())).toEqual([]);
  });

  it('is begun, sent row by row, and says what became of each', async () => {
    const desk = await startDesk();
    const body = batchOf(3);
    const begun = await begin(desk, body);
    expect(begun.status).toBe(200);
    expect(begun.envelope.result).toEqual({
      id: ID,
      source: body.source,
      createdAt: expect.any(String),
      personName: 'Local operator',
      counts: { 'not-tried': 3, 'under-way': 0, created: 0, 'not-created': 0, unknown: 0 },
    });
    const key = randomUUID();
    const sent = await sendRow(desk, 2, { key });
    expect(sent.status).toBe(200);
    await create(desk, { ...requestOf(3), interface_address: '10.9.9.0/31' });
    const refused = await sendRow(desk, 3);
    expect(refused.status).toBe(400);
    const { rows } = await batchIn(desk);
    expect(rows).toEqual([
      { number: 1, ...body.rows[0], state: 'not-tried' },
      {
        ...{ number: 2, ...body.rows[1], state: 'created', idempotencyKey: key, at: expect.any(String) },
        tunnelId: Object(sent.envelope.result).id,
      },
      {
        ...{ number: 3, ...body.rows[2], state: 'not-created', idempotencyKey: expect.any(String) },
        at: expect.any(String),
        errors: refused.envelope.errors,
      },
    ]);
    expect(await batchesIn(desk)).toMatchObject([
      { id: ID, counts: { 'not-tried': 1, created: 1, 'not-created': 1, unknown: 0 } },
    ]);
  });
});
