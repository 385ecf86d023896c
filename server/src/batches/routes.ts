// The batches of creates: begun and sent on row by row by whoever may change the account, read by whoever sees it.

import { MAX_BATCH_ROWS } from '@tunnel-desk/shared/api/batches';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import type { ErrorName } from '@tunnel-desk/shared/api/errors';
import { batchesPath, batchPath, batchRowPath } from '@tunnel-desk/shared/api/paths';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKeySchema } from '@tunnel-desk/shared/api/submissions';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inAccount } from '../api/prefix.ts';
import { sendBodyIssues, sendError } from '../http/errors.ts';
import { jsonReader, leaveBodyUnread } from '../http/json-body.ts';
import { refuseQuery } from '../http/no-query.ts';
import { sendResponse } from '../http/response.ts';
import { sendSlices } from '../http/send-slices.ts';
import { readTargetForm } from '../ipsec-tunnels/call.ts';
import type { IpsecTunnelChanges } from '../ipsec-tunnels/changes.ts';
import { commonOf, noted } from '../ipsec-tunnels/submitting.ts';
import type { Submissions, Submitted } from '../submissions/submissions.ts';
import type { BatchStore, Claim, RowPlace } from './batch-store.ts';
import { batchRowSchemaFor, readNewBatch } from './read-new-batch.ts';
import { rowTurns } from './row-turns.ts';

export interface BatchRoutesOptions {
  readonly accounts: readonly Account[];
  readonly rules: Session['rules'];
  readonly batches: BatchStore;
  readonly submissions: Submissions;
  readonly changes: Pick<IpsecTunnelChanges, 'create'>;
}

interface AccountRoute {
  Params: { account_id: string };
}

interface BatchRoute {
  Params: { account_id: string; batch_id: string };
}

interface RowRoute {
  Params: { account_id: string; batch_id: string; row: string };
}

const PATH = inAccount(batchesPath(':account_id'));
const BATCH_PATH = inAccount(batchPath(':account_id', ':batch_id'));
const ROW_PATH = inAccount(batchRowPath(':account_id', ':batch_id', ':row'));

/** For as many rows as there may be: one with a value in every field has about 750 bytes, and the rest is for its description. */
const MAX_BODY_BYTES = MAX_BATCH_ROWS * 2048;

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerBatchRoutes(app: FastifyInstance, options: BatchRoutesOptions): void {
  registerReading(app, options);
  // A plugin of its own, because it reads its body in another way.
  app.register(async (large) => registerBeginning(large, options));
  registerRows(app, options);

  const refusals = [
    { url: PATH, method: ['POST', 'PUT', 'PATCH', 'DELETE'], allow: 'GET, HEAD' },
    { url: BATCH_PATH, method: ['POST', 'PATCH', 'DELETE'], allow: 'GET, HEAD, PUT' },
    { url: ROW_PATH, method: ['GET', 'PUT', 'PATCH', 'DELETE'], allow: 'POST' },
  ];
  for (const { url, method, allow } of refusals) {
    app.route({
      url,
      method,
      config: { mayBeEmpty: true },
      handler: (_request, reply) => sendError(reply.header('allow', allow), 'methodNotAllowed', BEGUN_AND_SENT),
    });
  }
}

const BEGUN_AND_SENT =
  'a batch is begun by PUT, its rows are sent one at a time by POST, and what was begun stays as it was begun';

function registerReading(app: FastifyInstance, { batches, submissions }: BatchRoutesOptions): void {
  app.get<AccountRoute>(PATH, async (request, reply) => {
    const { account_id: accountId } = request.params;
    request.logDetails = { accountId };
    return sendSlices(reply, batches.all(accountId), { opening: '{"batches":[', closing: ']}' });
  });

  app.get<BatchRoute>(BATCH_PATH, { onRequest: refuseBatchId }, async (request, reply) => {
    const place = placeOf(request);
    request.logDetails = place;
    const found = await batches.find(place.accountId, place.batchId);
    if (found === undefined) return sendError(reply, 'notFound', NO_BATCH);
    const { unknownKey, ...head } = found;
    // One look at the account finds all of them that there are.
    if (unknownKey !== undefined) await (await submissions.find(unknownKey))?.outcome();
    const opening = `${JSON.stringify(head).slice(0, -1)},"rows":[`;
    return sendSlices(reply, batches.rows(place.accountId, place.batchId), { opening, closing: ']}' });
  });
}

function registerBeginning(app: FastifyInstance, { accounts, rules, batches }: BatchRoutesOptions): void {
  const schemas = new Map(accounts.map(({ id }) => [id, batchRowSchemaFor({ accountId: id, ...rules })]));
  const parseJson = jsonReader(app);
  leaveBodyUnread(app);
  const limits = { bodyLimit: MAX_BODY_BYTES, onRequest: [refuseBatchId, refuseQuery] };
  app.put<BatchRoute & { Body: Buffer | undefined }>(BATCH_PATH, limits, async (request, reply) => {
    const { accountId, batchId } = placeOf(request);
    request.logDetails = { accountId, batchId };
    const body = request.body ?? Buffer.alloc(0);
    const read = await readNewBatch(body, schemaOf(schemas, accountId), (json) => parseJson(request, json));
    if (read.kind === 'wrong') return sendBodyIssues(reply, read.error);
    try {
      const isKept = await batches.begin(accountId, { id: batchId, ...read.batch }, identityIn(request));
      if (!isKept) return sendError(reply, 'batchExists', 'a batch of this ID was begun with another body');
    } catch (error) {
      request.log.error({ err: error }, 'a batch cannot be kept');
      return sendError(reply, 'auditUnavailable', 'the database of this desk cannot be written, so nothing was kept');
    }
    return successEnvelope(await batches.summary(accountId, batchId));
  });
}

function registerRows(
  app: FastifyInstance,
  { accounts, rules, batches, submissions, changes }: BatchRoutesOptions,
): void {
  const schemas = new Map(
    accounts.map(({ id: accountId }) => [
      accountId,
      createIpsecTunnelRequestSchema({ accountId, ...rules, healthCheckTarget: 'string' }),
    ]),
  );
  const turns = rowTurns();

  async function claimRow(
    place: RowPlace,
    key: string,
    { psk: _, ...kept }: CreateIpsecTunnelRequest,
    log: FastifyBaseLogger,
  ) {
    try {
      return await batches.claim(place, key, kept);
    } catch (error) {
      log.error({ err: error }, 'the row of a batch cannot be claimed');
      return 'not-kept';
    }
  }

  app.post<RowRoute>(ROW_PATH, { onRequest: [refuseBatchId, refuseQuery] }, async (request, reply) => {
    const { accountId, batchId } = placeOf(request);
    const number = rowNumberIn(request.params.row);
    const idempotencyKey = readRowCall(request, reply);
    if (idempotencyKey === undefined) return reply;
    const body = schemaOf(schemas, accountId).safeParse(request.body);
    if (!body.success) return sendBodyIssues(reply, body.error);
    request.logDetails = { accountId, batchId, row: number };

    const create = async (): Promise<Submitted | Refusal> => {
      const claim = await claimRow({ accountId, batchId, number }, idempotencyKey, body.data, request.log);
      if (claim !== 'claimed' && claim !== 'repeated') return claim;
      const call = { validateOnly: false, idempotencyKey };
      const resource = { name: body.data.name };
      const submission = { ...commonOf(request, call), request: body.data, options: 'string' as const, resource };
      return noted(request, reply, changes.create, call, await submissions.submit(changes.create, submission));
    };
    const ended = await turns.run(`${accountId} ${batchId} ${number}`, idempotencyKey, create);
    if (typeof ended === 'object') return sendResponse(reply, ended.response);
    return sendError(reply, ...REFUSALS[ended ?? 'tried']);
  });
}

const NO_BATCH = 'this account has no such batch, or it was begun so long ago that it is not kept any more';

type Refusal = Exclude<Claim, 'claimed' | 'repeated'> | 'not-kept';

/** Of a row: why nothing was sent. */
const REFUSALS: Readonly<Record<Refusal, readonly [name: ErrorName, message: string]>> = {
  'no-row': ['notFound', NO_BATCH],
  tried: [
    'rowTried',
    'this row was sent under another Idempotency-Key, and its tunnel was or may have been created; nothing was sent for this one',
  ],
  'key-taken': [
    'idempotencyKeyReused',
    'this Idempotency-Key was used for another request; nothing was sent for this one',
  ],
  'not-kept': ['auditUnavailable', 'this desk cannot record what it does, so nothing was sent'],
};

/** The key that a row is sent under; `undefined` where the call was refused, and the refusal sent. */
function readRowCall(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const targetForm = readTargetForm(request, reply);
  if (targetForm === undefined) return undefined;
  const key = idempotencyKeySchema.safeParse(request.headers[IDEMPOTENCY_KEY_HEADER]).data;
  if (targetForm === 'object') {
    sendError(reply, 'invalidHeader', 'the rows of a batch have their health-check targets as strings');
    return undefined;
  }
  if (key === undefined)
    sendError(reply, 'invalidHeader', 'the header Idempotency-Key is required, and must be a UUID');
  return key;
}

async function refuseBatchId(
  { params: { batch_id: batchId } }: FastifyRequest<BatchRoute>,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (idempotencyKeySchema.safeParse(batchId).success) return undefined;
  return sendError(reply, 'invalidBatchId', 'the ID of a batch must be a UUID');
}

/** Which batch the call is about: UUIDs that differ only in case are the same. */
function placeOf({ params: { account_id: accountId, batch_id: batchId } }: FastifyRequest<BatchRoute>) {
  return { accountId, batchId: batchId.toLowerCase() };
}

/** The number of a row in a path; of none that there can be, 0. */
function rowNumberIn(text: string): number {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
}

function schemaOf<Schema>(schemas: ReadonlyMap<string, Schema>, accountId: string): Schema {
  const schema = schemas.get(accountId);
  if (schema === undefined) throw new Error('the account was allowed, and has no schema');
  return schema;
}
