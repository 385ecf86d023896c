// The desk with an audit trail that forgets: no product, but what the trail's cost is measured against.

import { buildApp } from '@tunnel-desk/server/app';
import type { AuditTrail } from '@tunnel-desk/server/audit/trail';
import { readConfig } from '@tunnel-desk/server/config';

const FORGETFUL: AuditTrail = {
  begin: async () => 1,
  finish: async () => {},
  findCreate: () => undefined,
  unsettledCreates: () => [],
  page: () => ({ entries: [], next: null }),
  probe: async () => {},
  close: async () => {},
};

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.problems.join('\n'));
const { host, port } = result.config;
const app = await buildApp(result.config, { trail: FORGETFUL });
await app.listen({ host, port });
