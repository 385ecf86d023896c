// A load generator in a process of its own, and what it is asked and responds over the process channel.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stop, track } from '../support/processes.ts';

export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with POST; without one, the URL is asked for with GET. */
  readonly body?: string;
  /** A header that bears another UUID with every request. */
  readonly keyHeader?: string;
  /** Each sends its next request when it has the response to the last. */
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  /** In milliseconds. */
  readonly p99: number;
}

export interface LoadGenerator extends AsyncDisposable {
  /** Throws when any response was not a success: a fast error is no throughput. */
  generate(request: LoadRequest): Promise<LoadResult>;
}

/** Starts a load generator; one for a whole measurement, so that its own warm-up is over before anything counts. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)));
  track(child);
  const ended = new AbortController();
  child.once('exit', (code, signal) => ended.abort(new Error(`the load generator ended (${code ?? signal})`)));
  return {
    async generate(request) {
      child.send(request);
      const [result]: unknown[] = await once(child, 'message', { signal: ended.signal });
      if (!isLoadResult(result)) throw new Error(`${request.url}: ${JSON.stringify(result)}`);
      return result;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

function isLoadResult(value: unknown): value is LoadResult {
  return typeof value === 'object' && value !== null && 'requestsPerSecond' in value;
}
