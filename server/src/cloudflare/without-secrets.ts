// Parses an upstream's JSON so that no secret of the call survives in it, whatever the upstream chose to repeat.

import { redact } from '../secret.ts';

/** A shorter secret is part of ordinary words and IDs: blacking those out would lose the tunnel's ID, not keep a secret. */
const MIN_LENGTH_TO_SEARCH_FOR = 8;

/**
 * The parsed text without any key named `psk` and with every secret blacked out: wherever it stands inside a string or a
 * key, or for a secret under 8 characters, inside `message` texts and where it is the whole string.
 * A secret is also recognised as JSON inside a string spells it, as when an upstream quotes the body it was sent.
 * `undefined` when the text is not JSON.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): unknown {
  try {
    return JSON.parse(text, mayHold(text, secrets) ? scrubber(secrets) : undefined);
  } catch {
    return undefined;
  }
}

/** Whether the text repeats a secret: anywhere in it, or for a secret under 8 characters, as the whole of it. */
export function repeatsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.includes(text) || secrets.filter(isLong).some((secret) => text.includes(secret));
}

/**
 * Whether the text needs the slow path, which takes 20 times as long: a key named `psk` or a secret may stand in it as
 * it is, or spelled with escapes. The quotation marks spare `psk_metadata`, which is in every response about a tunnel.
 */
function mayHold(text: string, secrets: readonly string[]): boolean {
  return text.includes('"psk"') || text.includes('\\') || secrets.some((secret) => text.includes(secret));
}

function scrubber(secrets: readonly string[]) {
  const everySpelling = secrets.flatMap(spellings);
  const searched = secrets.filter(isLong).flatMap(spellings);
  return (key: string, value: unknown): unknown => {
    if (key === 'psk') return undefined;
    if (typeof value === 'string') {
      return redact(value, key === 'message' || secrets.includes(value) ? everySpelling : searched);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [redact(name, searched), entry]));
  };
}

function isLong(secret: string): boolean {
  return secret.length >= MIN_LENGTH_TO_SEARCH_FOR;
}

/** As it is, and as JSON writes it between its quotes. */
function spellings(secret: string): string[] {
  return [JSON.stringify(secret).slice(1, -1), secret];
}
