// Fastify with one route and nothing else: what starting any Fastify server costs.

import { HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { fastify } from 'fastify';

const app = fastify();
app.get(HEALTH_PATH, async () => ({ status: 'alive' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
