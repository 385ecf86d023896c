// Cloudflare's GraphQL API as far as this desk asks it, over HTTP.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { StoredTunnel } from '../tunnel-store.ts';
import { groupsOf } from './groups.ts';
import { type Field, isInput, QueryError, readQuery } from './query.ts';

export interface GraphqlRoutesOptions {
  /** `undefined` for an account that there is not. */
  readonly tunnelsOf: (accountId: string) => readonly StoredTunnel[] | undefined;
  /** In milliseconds since the epoch. */
  readonly now: () => number;
}

const NODE = 'magicTransitTunnelHealthChecksAdaptiveGroups';

const bodySchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });

/** Errors come with status 200, as at Cloudflare. */
export function registerGraphql(app: FastifyInstance, options: GraphqlRoutesOptions): void {
  app.post('/graphql', async (request) => {
    const body = bodySchema.safeParse(request.body);
    if (!body.success) return failed('the body must have a query', undefined, options);
    try {
      const [viewer, ...others] = readQuery(body.data.query, body.data.variables);
      if (viewer?.name !== 'viewer' || others.length > 0) throw new QueryError('the sandbox has viewer alone');
      const accounts = await Promise.all(viewer.fields.map((field) => accountsOf(field, options)));
      return { data: { [viewer.alias]: Object.fromEntries(accounts) }, errors: null };
    } catch (error) {
      if (error instanceof NotAuthorized) return failed(error.message, 'authz', options);
      if (error instanceof QueryError) return failed(error.message, undefined, options);
      throw error;
    }
  });
}

class NotAuthorized extends Error {}

async function accountsOf(field: Field, { tunnelsOf, now }: GraphqlRoutesOptions): Promise<[string, unknown]> {
  const { filter } = field.arguments;
  if (field.name !== 'accounts') throw new QueryError(`unknown field "${field.name}"`);
  if (!isInput(filter) || filter.accountTag === undefined) throw new QueryError('accounts need an accountTag');
  const tunnels = tunnelsOf(String(filter.accountTag));
  if (tunnels === undefined) throw new NotAuthorized('not authorized for that account');
  const nodes: [string, unknown][] = [];
  // One after the other: the time that one leaves to others, the next must not take.
  for (const node of field.fields) {
    if (node.name !== NODE) throw new QueryError(`unknown field "${node.name}"`);
    nodes.push([node.alias, await groupsOf(node, tunnels, now())]);
  }
  return [field.alias, [Object.fromEntries(nodes)]];
}

function failed(message: string, code: string | undefined, { now }: GraphqlRoutesOptions) {
  const timestamp = new Date(now()).toISOString();
  return {
    data: null,
    errors: [{ message, path: null, extensions: { timestamp, ...(code !== undefined && { code }) } }],
  };
}
