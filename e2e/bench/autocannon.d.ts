// What the load generator uses of autocannon, which brings no types: https://github.com/mcollina/autocannon#api

declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Request {
    readonly headers: Readonly<Record<string, string>>;
  }

  interface Options {
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly connections: number;
    /** In seconds. */
    readonly duration: number;
    /** How often it looks whether the time is up, in milliseconds. */
    readonly sampleInt: number;
    /** Sent in turn; what they lack is taken from the rest of the options. */
    readonly requests?: readonly { setupRequest(request: Request): Request }[];
  }

  interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }

  interface Instance extends PromiseLike<Result>, EventEmitter<{ response: [unknown, number, number, number] }> {}

  function autocannon(options: Options): Instance;
  namespace autocannon {
    export type { Request };
  }
  export = autocannon;
}
