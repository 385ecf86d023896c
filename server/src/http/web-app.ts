// The built single-page app: https://github.com/fastify/fastify-static

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';

/** Vite names these by their content, so they never change. */
const HASHED_ASSETS = '/assets/';
const ONE_YEAR_S = 31_536_000;

/** Serves the app in `root`, precompressed; every path that is not a file of it opens the app. */
export async function registerWebApp(app: FastifyInstance, root: string): Promise<void> {
  const isBuilt = existsSync(join(root, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      // A route for each file: what is none of them is known as an unknown path before anything looks for it.
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.slice(root.length).startsWith(HASHED_ASSETS);
        reply.header('cache-control', isHashed ? `public, max-age=${ONE_YEAR_S}, immutable` : 'no-cache');
      },
    });
  } else {
    app.log.warn('the web app is not built: only the API is served');
  }
  app.setNotFoundHandler((request, reply) =>
    isBuilt && isDeepLink(request)
      ? reply.sendFile('index.html')
      : sendError(reply, 'notFound', 'there is nothing here'),
  );
}

function isDeepLink({ method, url }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !url.startsWith(HASHED_ASSETS);
}
