// Texts as their UTF-8 bytes: the forms in which every key survives quotes, backslashes and what is not ASCII.

import { z } from 'zod';

/** The UTF-8 bytes of a text in base64 (RFC 4648). */
export function toBase64(text: string): string {
  return z.core.util.uint8ArrayToBase64(utf8(text));
}

/** The UTF-8 bytes of a text in hexadecimal digits, two for each. */
export function toHexadecimal(text: string): string {
  return z.core.util.uint8ArrayToHex(utf8(text));
}

function utf8(text: string): Uint8Array {
  const octets = encodeURIComponent(text.toWellFormed()).match(/%..|./g) ?? [];
  return Uint8Array.from(octets, (octet) =>
    octet.startsWith('%') ? Number.parseInt(octet.slice(1), 16) : octet.charCodeAt(0),
  );
}
