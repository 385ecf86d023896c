// Fastify with one route and nothing else: what starting any Fastify server costs.

import { HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { fastify } from 'fastify';

const app = fastify();
app.get(HEALTH_PATH, async () => ({ status: 'alive' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
// The compile cache is written when a process exits, which a signal alone does not let it do.
process.once('SIGTERM', () => process.exit());
