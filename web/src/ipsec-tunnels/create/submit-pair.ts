// Has both requests of a pair validated, or begins the batch that creates both.

import { MAX_IMPORT_ROWS } from '@tunnel-desk/shared/api/batches';
import { cellsOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { type Outcome, outcomeOf, type ResponseReader } from '../../submission/outcome.ts';
import { validateIpsecTunnel } from '../api/create-ipsec-tunnel.ts';
import { startBatch } from '../batch/start-batch.ts';
import { SECOND_FIELDS } from '../form/device-and-pair.ts';
import { createReader } from '../form/read-response.ts';
import type { PairEnd, PairToSend } from './use-pair-submission.ts';

/** One after the other, in their order. What holds of a valid one is said beside what is wrong with the other. */
export async function validatePair({ accountId, requests }: PairToSend): Promise<PairEnd> {
  const ends: { readonly name: string; readonly outcome: Outcome<unknown> }[] = [];
  for (const [index, request] of requests.entries()) {
    const reader = index === 0 ? createReader : secondReader(requests);
    const response = await validateIpsecTunnel(accountId, request);
    ends.push({ name: request.name, outcome: outcomeOf('validate', response, reader) });
  }
  const messages = ends.flatMap(({ name, outcome }) =>
    outcome.kind === 'validated' ? [validInWords(name, outcome)] : [],
  );
  const failures = ends.flatMap(({ name, outcome }) =>
    outcome.kind === 'failed'
      ? [{ ...outcome, title: `${name}: ${outcome.title}`, details: [...outcome.details, ...messages] }]
      : [],
  );
  return failures.length > 0 ? { failures } : { messages };
}

function validInWords(name: string, { messages, cfRay }: Extract<Outcome<unknown>, { kind: 'validated' }>): string {
  return `${name}: ${messages.join(' ') || 'valid.'}${cfRay ? ` (Cloudflare ray ${cfRay})` : ''}`;
}

/** Its errors are about the fields that the second has of its own, where there are any. */
function secondReader([first, second]: PairToSend['requests']): ResponseReader<unknown> {
  const ownFields = new Map([...SECOND_FIELDS].map(([own, field]) => [field, own]));
  if (first?.psk === second?.psk) ownFields.delete('psk');
  if (first?.customer_endpoint === second?.customer_endpoint) ownFields.delete('customer_endpoint');
  const fieldOf: typeof createReader.fieldOf = (error) => {
    const field = createReader.fieldOf(error);
    return field === undefined ? undefined : (ownFields.get(field) ?? field);
  };
  return { ...createReader, fieldOf };
}

/** As long as the desk keeps one; the name of a tunnel has no limit. */
const MAX_SOURCE_NAME = 255;

/** What was begun last, in memory alone: the same pair, sent again because the response was lost, begins no second batch. */
let begun: { readonly pair: string; readonly rows: readonly ImportRow[] } | undefined;

export async function startPair({ version: _, ...pair }: PairToSend): Promise<PairEnd> {
  const { accountId, name } = pair;
  // The version of its form says nothing: another form, opened later, counts anew.
  const text = JSON.stringify(pair);
  const rows = begun?.pair === text ? begun.rows : pairRows(pair);
  begun = { pair: text, rows };
  const started = await startBatch({ accountId, source: { kind: 'pair', name: name.slice(0, MAX_SOURCE_NAME) }, rows });
  if (started.kind === 'failed') return { failures: [started] };
  begun = undefined;
  return { batchId: started.batchId };
}

type PairOfRows = Pick<PairToSend, 'requests' | 'sharesKey' | 'hasGeneratedKeys'>;

/** The pair as the rows of a batch, numbered as those of an import; a key that both have stands with the first. */
export function pairRows({ requests, sharesKey, hasGeneratedKeys }: PairOfRows): readonly ImportRow[] {
  return requests.map((request, index): ImportRow => {
    const { psk, ...cells } = cellsOf(request);
    const row = { number: 1 + index * MAX_IMPORT_ROWS, generatesKey: hasGeneratedKeys };
    if (psk === undefined) return { ...row, cells };
    return index > 0 && sharesKey ? { ...row, cells, sharesKeyWith: 1 } : { ...row, cells: { ...cells, psk } };
  });
}
