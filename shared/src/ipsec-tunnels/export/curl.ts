// Tunnels as the curl commands that create them, for a POSIX shell. Neither the token nor a key is in the text.

import { ipsecTunnelsPath } from '../../api/paths.ts';
import type { ExportedTunnel } from './exported-tunnel.ts';
import { visibleJson } from './json.ts';

export const CLOUDFLARE_API_BASE_URL = 'https://api.cloudflare.com/client/v4';

export interface CurlOptions {
  readonly accountId: string;
  /** Where the account's paths begin; Cloudflare's own API when left out. */
  readonly baseUrl?: string;
}

/**
 * A command for each tunnel; they end with a line break. The token is `$CLOUDFLARE_API_TOKEN`. A pre-shared key is read
 * from a file and goes to curl through a pipe, so that it is in no list of processes and no history of a shell.
 */
export function toCurl(tunnels: readonly ExportedTunnel[], options: CurlOptions): string {
  return tunnels.map((tunnel, index) => command(tunnel, index + 1, tunnels.length, options)).join('\n');
}

function command(tunnel: ExportedTunnel, place: number, count: number, options: CurlOptions): string {
  return tunnel.hasKey
    ? commandWithKey(tunnel, count === 1 ? 'psk.txt' : `psk-${place}.txt`, options)
    : `${curl(options)} \\\n  --data-raw ${quoted(visibleJson(tunnel.request))}\n`;
}

const KEY_PLACE = '"psk": "';

/** The body is printed in three parts, the key in the middle. `printf` is a part of the shell and no process of its own. */
function commandWithKey({ request }: ExportedTunnel, file: string, options: CurlOptions): string {
  const [before = '', after = ''] = splitOnce(visibleJson({ psk: '', ...request }), KEY_PLACE);
  return [
    // The characters that JSON writes in another way; the line break at the end of the file is none of the key.
    `psk=$(sed 's/["\\\\]/\\\\&/g' ${file}) && [ -n "$psk" ] &&\n`,
    `printf %s ${quoted(before + KEY_PLACE)} "$psk" ${quoted(after)} |\n`,
    `${curl(options)} \\\n  --data-binary @-\n`,
  ].join('');
}

function curl({ accountId, baseUrl = CLOUDFLARE_API_BASE_URL }: CurlOptions): string {
  return [
    `curl --fail-with-body ${quoted(baseUrl + ipsecTunnelsPath(accountId))}`,
    '--header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"',
    "--header 'Content-Type: application/json'",
  ].join(' \\\n  ');
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return [text.slice(0, index), text.slice(index + separator.length)];
}
