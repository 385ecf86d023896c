// Which keys FortiOS takes, and how they are written so that they stay as they are.

import { toHexadecimal } from '../encodings.ts';

/** Of a pre-shared key, in characters (FortiOS Administration Guide). */
const MIN_KEY = 6;
const MAX_KEY = 128;
/** What Cloudflare and Linux take of an MD5 key. */
const MAX_MD5_KEY = 80;

/** Letters, digits, `-` and `_`, as Cloudflare generates keys; `0x` and `00x` at the beginning mean a key in hexadecimal. */
const PLAIN_KEY = /^(?!0+x)[A-Za-z0-9_-]+$/i;

/** A pre-shared key as the value of a command: as it is where that is safe, else its bytes, which FortiOS reads after `0x`. */
export function keyWord(key: string): string {
  return PLAIN_KEY.test(key) ? quoted(key) : `0x${toHexadecimal(key)}`;
}

/** Why FortiOS cannot have the pre-shared key, as the end of a sentence; `undefined` where it can. */
export function keyIssue(key: string): string | undefined {
  if (key.length < MIN_KEY) return `is shorter than the ${MIN_KEY} characters that FortiOS asks for`;
  if (PLAIN_KEY.test(key))
    return key.length > MAX_KEY ? `is longer than the ${MAX_KEY} characters that FortiOS takes` : undefined;
  return keyWord(key).length > MAX_KEY
    ? `has to go in as hexadecimal, and is then longer than the ${MAX_KEY} characters that FortiOS takes`
    : undefined;
}

/** Why FortiOS cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
export function md5KeyIssue(key: string): string | undefined {
  if (/^ENC /i.test(key)) return 'begins with ENC and a blank, which FortiOS takes for an encrypted one';
  if (/\$[a-z]/i.test(key)) return 'has a dollar sign before a letter, which FortiOS takes for a variable';
  if (key.length > MAX_MD5_KEY) return `is longer than ${MAX_MD5_KEY} characters`;
  return undefined;
}

/** A text of printable ASCII as one value: quotation marks and backslashes are escaped by a backslash. */
export function quoted(text: string): string {
  return `"${text.replace(/["'\\]/g, String.raw`\$&`)}"`;
}
