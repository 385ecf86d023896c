// HCL, the language of Terraform, as text: written so that `terraform fmt` finds nothing to change.

import { replaceInvisible } from '../../characters.ts';

/** One entry of a body: an attribute with its expression, one with a nested body as its value, or a comment. */
export type HclEntry =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly body: readonly HclEntry[] }
  | { readonly comment: string };

/** A block: `resource "a" "b" { … }`, with its keyword and labels as the header; it ends with a line break. */
export function hclBlock(header: string, body: readonly HclEntry[]): string {
  return `${header} {\n${hclBody(body, '  ')}}\n`;
}

/** A text as an HCL string: nothing in it ends the string or is a template. Invisible characters are written as codes. */
export function hclString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    // Where a template would begin.
    .replaceAll(/[$%]\{/g, (start) => `${start.charAt(0)}${start}`);
  return `"${replaceInvisible(escaped, escapeCodePoint)}"`;
}

/** A name that HCL and Terraform take as an identifier, as near to the text as can be; `undefined` where nothing is left. */
export function hclIdentifier(text: string): string | undefined {
  const words =
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const identifier = words.join('_');
  return /^[a-z]/.test(identifier) ? identifier : undefined;
}

function hclBody(entries: readonly HclEntry[], indent: string): string {
  const widths = alignedWidths(entries);
  return entries
    .map((entry, index) => {
      if ('comment' in entry) return `${indent}# ${entry.comment}\n`;
      if ('value' in entry) return `${indent}${entry.name.padEnd(widths[index] ?? 0)} = ${entry.value}\n`;
      return `${indent}${entry.name} = {\n${hclBody(entry.body, `${indent}  `)}${indent}}\n`;
    })
    .join('');
}

/** How wide the name of each entry is written: `terraform fmt` aligns the attributes of one line that follow each other. */
function alignedWidths(entries: readonly HclEntry[]): number[] {
  const widths = entries.map((entry) => ('value' in entry ? entry.name.length : 0));
  for (let start = 0; start < entries.length; ) {
    let end = start;
    while (end < entries.length && widths[end] !== 0) end += 1;
    widths.fill(Math.max(...widths.slice(start, end), 0), start, end);
    start = end + 1;
  }
  return widths;
}

function escapeCodePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
