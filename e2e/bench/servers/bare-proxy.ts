// The least one could do instead of the desk: @fastify/http-proxy with the token added. It validates and logs nothing.

import proxy from '@fastify/http-proxy';
import { API_PREFIX } from '@tunnel-desk/shared/api/paths';
import { fastify } from 'fastify';
import { API_TOKEN } from '../samples.ts';

const app = fastify();
await app.register(proxy, {
  upstream: process.env['UPSTREAM_ORIGIN'] ?? '',
  prefix: API_PREFIX,
  replyOptions: {
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, authorization: `Bearer ${API_TOKEN}` }),
  },
});
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
