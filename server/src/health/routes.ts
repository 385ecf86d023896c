// The health of an account's tunnels, and the history of one of them, for whoever may see the account.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import type { AccountHealth } from '@tunnel-desk/shared/api/health';
import { tunnelHealthHistoryPath, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { HISTORY_RANGES } from '@tunnel-desk/shared/health/ranges';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { inAccount } from '../api/prefix.ts';
import { sendError } from '../http/errors.ts';
import type { HealthReader } from './health-reader.ts';

export interface HealthRoutesOptions {
  readonly healthReader: HealthReader;
}

interface AccountRoute {
  Params: { account_id: string };
}

/** Longer than any name of a tunnel is meant to be. */
const MAX_NAME_LENGTH = 255;

const historyQuerySchema = z.strictObject({
  name: z.string().min(1).max(MAX_NAME_LENGTH),
  range: z.enum(HISTORY_RANGES),
});

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerHealthRoutes(app: FastifyInstance, { healthReader }: HealthRoutesOptions): void {
  app.get<AccountRoute>(inAccount(tunnelHealthPath(':account_id')), async (request, reply) => {
    const { account_id: accountId } = request.params;
    const health = await healthReader.read(accountId);
    request.logDetails = { accountId, health: health.kind };
    reply.header('content-type', 'application/json; charset=utf-8');
    return reply.send(written(health));
  });

  app.get<AccountRoute>(inAccount(tunnelHealthHistoryPath(':account_id')), async (request, reply) => {
    const { account_id: accountId } = request.params;
    request.logDetails = { accountId };
    const query = historyQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) {
      return sendError(reply, 'invalidQuery', `name one tunnel by name, and a range: ${HISTORY_RANGES.join(', ')}`);
    }
    const history = await healthReader.history(accountId, query.data.name, query.data.range);
    request.logDetails = { accountId, health: history.kind };
    return successEnvelope(history);
  });
}

/** Written once for all who ask within a minute: it may be about 10,000 tunnels. */
const writtenOnes = new WeakMap<AccountHealth, string>();

function written(health: AccountHealth): string {
  const text = writtenOnes.get(health) ?? JSON.stringify(successEnvelope(health));
  writtenOnes.set(health, text);
  return text;
}
