// A secret and every spelling in which a peer could send it back, so that it is recognized whatever was done to it: as it
// is, JSON's escapes at any depth, percent and form encoding, HTML entities, hexadecimal, base64 and base64url, and
// these inside each other.

import { decodeHTML } from 'entities';
import { redact } from '../secret.ts';

export interface HiddenSecret {
  /** Shorter than {@link LONG}: it may be a part of ordinary words, so that its bare occurrence proves nothing. */
  readonly isShort: boolean;
  /** Whether a number could be it. */
  readonly isNumeric: boolean;
  /** Whether the text is the secret and nothing else, as it is. */
  is(text: string): boolean;
  /** Whether the text holds it, in whatever spelling. */
  isIn(text: string): boolean;
  /** The same of a text whose {@link readingsOf} are there already. */
  isInAny(readings: readonly string[]): boolean;
  /** Whether the number is the secret, or a long one is among its digits. */
  isNumber(value: number): boolean;
  /**
   * The text with it blacked out: alone where it stands as it is or as one of the usual encoders spells it, else with all
   * the text around it.
   */
  blackOut(text: string): string;
}

/** From this many characters on, a secret does not occur by chance. */
const LONG = 8;
/** Encodings inside each other that are looked through. */
const MAX_DEPTH = 6;
/** Shorter pieces of base64 and hexadecimal are in everything. */
const MIN_CODED_LENGTH = 3;

/** Prepares what is searched for; a few microseconds. The secret must not be empty. */
export function hiddenSecret(secret: string): HiddenSecret {
  const sought = unique([secret, folded(decoded(secret)), ...coded(secret)]);
  const number = /^\d+(?:\.\d+)?$/.test(secret) ? Number(secret) : undefined;
  const isShort = secret.length < LONG;
  const isInAny = (readings: readonly string[]) =>
    readings.some((reading) => sought.some((piece) => reading.includes(piece)));
  const isIn = (text: string) => isInAny(readingsOf(text));
  return {
    isShort,
    isNumeric: number !== undefined,
    is: (text) => text === secret,
    isIn,
    isInAny,
    isNumber: (value) => value === number || (!isShort && isIn(String(value))),
    blackOut(text) {
      if (!isIn(text)) return text;
      const rest = redact(text, spellings(secret));
      return isIn(rest) ? redact(rest, [rest]) : rest;
    },
  };
}

/** The text itself and, where there is something to decode in it, what it may mean. Cheap where there is nothing. */
export function readingsOf(text: string): string[] {
  const plain = ENCODED.test(text) ? decoded(text) : text;
  return [
    text,
    ...(ENCODED.test(text) ? [plain, folded(plain)] : []),
    ...(WRAPPED.test(plain) ? [plain.replaceAll(/\r?\n/g, '')] : []),
  ];
}

const ENCODED = /[\\%&+]/;
/** A line break inside base64, which mail puts after 76 characters. */
const WRAPPED = /[\w+/-]\r?\n[\w+/-]/;

/** The text with every encoding undone, and those that this brings to light, however they are mixed. */
function decoded(text: string): string {
  let current = text;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next = decodedOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

function decodedOnce(text: string): string {
  const unescaped = text.includes('\\') ? text.replaceAll(JSON_ESCAPE, unescapedJson) : text;
  const percent = unescaped.includes('%') ? unescaped.replaceAll(PERCENT_ENCODED, percentDecoded) : unescaped;
  return percent.includes('&') ? decodeHTML(percent) : percent;
}

/** Further backslashes before it, as JSON inside JSON has, are folded away. */
const JSON_ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([bfnrt]))/gi;
const PERCENT_ENCODED = /(?:%[0-9a-f]{2})+/gi;
const CONTROL_CHARACTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapedJson(sequence: string, unicode?: string, hex?: string, letter?: string): string {
  const code = unicode ?? hex;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return CONTROL_CHARACTERS[letter?.toLowerCase() ?? ''] ?? sequence;
}

function percentDecoded(run: string): string {
  return Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');
}

/** What an encoder may add or replace without a trace: JSON's backslashes, and the plus sign of a form for a space. */
function folded(text: string): string {
  return text.replaceAll('\\', '').replaceAll('+', ' ');
}

/** What of its hexadecimal and its base64 is the same whatever stands before and behind it. */
function coded(secret: string): string[] {
  return unique([secret, JSON.stringify(secret).slice(1, -1)])
    .flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const hex = bytes.toString('hex');
      return [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset))];
    })
    .filter((piece) => piece.length > MIN_CODED_LENGTH || (piece.length === MIN_CODED_LENGTH && secret.length > 2));
}

/** In both alphabets, without the characters that depend on the bytes around it: `offset` of them before it in its group. */
function base64At(bytes: Buffer, offset: number): string[] {
  const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (offset + bytes.length) % 3 === 0;
  const piece = base64.slice(offset === 0 ? 0 : offset + 1, isWhole ? undefined : -1);
  return [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
}

/** As the usual encoders write all of it, the longest first. */
function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const jsonTwice = JSON.stringify(json).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  return unique([jsonTwice, json, percent, percent.replaceAll('%20', '+'), secret]).sort((a, b) => b.length - a.length);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
