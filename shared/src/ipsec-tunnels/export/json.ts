// Tunnels as JSON: the body of the create request that makes each, as an import reads it back.

import { replaceInvisible } from '../../characters.ts';
import type { ExportedTunnel } from './exported-tunnel.ts';

/** One request as an object, or a list of them as an array; it ends with a line break. */
export function toJson(tunnels: ExportedTunnel | readonly ExportedTunnel[]): string {
  const requests = isList(tunnels) ? tunnels.map(({ request }) => request) : tunnels.request;
  return `${visibleJson(requests)}\n`;
}

/**
 * A value as JSON over several lines. Invisible characters are written as their codes, so that what is pasted is what is
 * seen: in a terminal some of them are commands.
 */
export function visibleJson(value: unknown): string {
  return (
    JSON.stringify(value, null, 2)
      // The line breaks of the notation are invisible characters too; within a text, JSON has them as codes already.
      .split('\n')
      .map((line) => replaceInvisible(line, escapeUnits))
      .join('\n')
  );
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function isList(tunnels: ExportedTunnel | readonly ExportedTunnel[]): tunnels is readonly ExportedTunnel[] {
  return Array.isArray(tunnels);
}
