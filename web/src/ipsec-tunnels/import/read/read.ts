// Reads a file, or what was pasted: tunnels as CSV, TSV or JSON.

import type { BatchSource } from '@tunnel-desk/shared/api/batches';
import { inSlices } from '../../../lib/slices.ts';
import { type DecodedText, decode, MAX_BYTES } from './decode.ts';
import { readJson } from './read-json.ts';
import type { ReadContent, ReadResult, Refused } from './read-result.ts';
import { readTable } from './read-table.ts';

/** Reads the file, whatever it is called: what is in it decides. */
export async function readFile(file: File): Promise<ReadResult> {
  let bytes: Uint8Array;
  try {
    // One more than there may be says that there are too many.
    bytes = new Uint8Array(await file.slice(0, MAX_BYTES + 1).arrayBuffer());
  } catch {
    return refused('The browser could not read this file. Does it still exist, and is it no folder?');
  }
  const decoded = decode(bytes);
  if ('refused' in decoded) return refused(decoded.refused);
  return readText(decoded, { kind: 'file', name: file.name.slice(0, MAX_NAME_LENGTH) });
}

/** Reads cells as a spreadsheet puts them on the clipboard, or any other text that could be in a file. */
export function readPasted(text: string): Promise<ReadResult> {
  return readText({ text, encoding: undefined, isGuess: false }, { kind: 'pasted', name: '' });
}

/** Of a name that is kept with its batch. */
const MAX_NAME_LENGTH = 255;

type Text = Pick<DecodedText, 'text' | 'isGuess'> & { readonly encoding: string | undefined };

async function readText(decoded: Text, source: BatchSource, headers?: readonly string[]): Promise<ReadResult> {
  const { text, encoding, isGuess } = decoded;
  if (text.trim() === '')
    return refused(source.kind === 'file' ? 'This file is empty.' : 'There is nothing to read yet.');
  const other = OTHER_TEXTS.find(({ start }) => start.test(text));
  if (other !== undefined) return refused(other.message);
  const content = await whole(/^\s*[[{]/.test(text) ? readJson(text) : readTable(text, headers));
  switch (content.kind) {
    case 'refused':
      return content;
    case 'no-headers':
      return {
        ...content,
        readInOrder:
          content.columnCount === content.order.length ? () => readText(decoded, source, content.order) : undefined,
      };
    case 'rows': {
      const { words, notes, ...rest } = content;
      const count = content.rows.length;
      const summary = [`${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`, words, encoding].filter(
        Boolean,
      );
      return { ...rest, source, notes: isGuess ? [guessed(encoding), ...notes] : notes, summary: summary.join(', ') };
    }
  }
}

/** Texts that are known, and hold no rows. */
const OTHER_TEXTS = [
  {
    start: /^\s*(?:curl|psk=\$\()/,
    message: 'This is a curl command. Copy the tunnels as JSON instead, or export them as CSV.',
  },
  {
    start: /^\s*(?:terraform|resource|variable|import)\b[^\n]*\{/,
    message: 'This is Terraform configuration. Copy the tunnels as JSON instead, or export them as CSV.',
  },
  { start: /^\s*</, message: 'This is HTML or XML. Save the spreadsheet as CSV UTF-8 and choose that.' },
];

function guessed(encoding = ''): string {
  return `The file does not say how its characters are written. It was read as ${encoding}: look at letters with accents.`;
}

function refused(message: string): Refused {
  return { kind: 'refused', message };
}

/** Runs what is written in pieces, with turns of the page between them. */
function whole(pieces: Generator<void, ReadContent>): Promise<ReadContent> {
  return new Promise((resolve, reject) => {
    const step = () => {
      try {
        const { done, value } = pieces.next();
        if (done) resolve(value);
        return done !== true;
      } catch (error) {
        reject(error);
        return false;
      }
    };
    inSlices(step, () => {});
  });
}
