// What became of an update whose response was lost, by the tunnel as it is afterwards.

import { expect, it } from 'vitest';
import { traceOfUpdate } from '../../src/ipsec-tunnels/update.ts';
import { SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';

const LATER = '2026-01-02T03:05:00Z';
const KEY_SET = { psk_metadata: { last_generated_on: LATER } };
const SOUTH = { ...SMALLEST_REQUEST, description: 'south' };
const KEY_ALONE = { ...SMALLEST_REQUEST, psk: true };

it.each<[string, object, object | undefined, string, boolean?]>([
  ['the new values are there', SOUTH, { description: 'south', modified_on: LATER }, 'done'],
  ['the new values are there, and no date tells of it', SOUTH, { description: 'south' }, 'done'],
  ['nothing was to be changed', SMALLEST_REQUEST, {}, 'done'],
  ['it is as it was', SOUTH, {}, 'absent'],
  ['it is as it was, and has no date', SOUTH, { modified_on: undefined }, 'absent'],
  ['it was changed since, to other values', SOUTH, { description: 'west', modified_on: LATER }, 'other', true],
  ['it is gone', SOUTH, undefined, 'other', true],
  ['values and key are there', { ...SOUTH, psk: true }, { description: 'south', modified_on: LATER }, 'done'],
  ['a new key is there', KEY_ALONE, { ...KEY_SET, modified_on: LATER }, 'done'],
  ['no new key is there', KEY_ALONE, {}, 'absent'],
  ['it was changed since, and no date tells of a key', KEY_ALONE, { modified_on: LATER }, 'other', true],
])('%s: %j', (_what, request, now, kind, isFinal) => {
  const sent = { request, before: TUNNEL, options: 'string' };
  const trace = traceOfUpdate(sent, now && { ...TUNNEL, ...now });
  expect(trace).toMatchObject({ kind, ...(isFinal && { isFinal }) });
});
