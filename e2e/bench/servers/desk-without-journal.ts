// The desk with a journal that keeps nothing: no product, but what the journal's cost is measured against.

import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';
import type { Storage } from '@tunnel-desk/server/storage/storage';

const HEAD = { count: 0, hash: '' };
const KEEPS_NOTHING: Storage = {
  journal: {
    begin: async () => ({ kind: 'begun', id: 1 }),
    finish: async () => {},
    claim: async () => true,
    claimed: async () => new Set(),
    find: async () => undefined,
    unsettled: async () => [],
  },
  auditLog: {
    page: async () => ({ entries: [], next: null }),
    export: async function* () {},
    verify: async () => ({ intact: true, head: HEAD }),
  },
  routerSettings: {
    all: async function* () {},
    keep: async () => {},
  },
  batches: {
    begin: async () => true,
    all: async function* () {},
    summary: async () => undefined,
    find: async () => undefined,
    rows: async function* () {},
    claim: async () => 'claimed',
  },
  knownTunnels: {
    all: async function* () {},
    find: async () => undefined,
    comparingSince: async () => undefined,
    addFirstSeen: async () => {},
    forget: async () => {},
    startComparing: async () => new Date().toISOString(),
    touchedSince: async () => ({ ids: new Set(), names: new Set() }),
    accept: async () => true,
    findings: async () => [],
    addFinding: async () => true,
    removeFinding: async () => {},
  },
  toldDown: {
    find: async () => undefined,
    save: async () => {},
  },
  opened: Promise.resolve({ head: HEAD, lost: undefined }),
  recentVerification: async () => undefined,
  head: () => HEAD,
  probe: async () => {},
  close: async () => {},
};

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.problems.join('\n'));
const { host, port } = result.config;
const app = await buildApp(result.config, { storage: KEEPS_NOTHING });
await app.listen({ host, port });
