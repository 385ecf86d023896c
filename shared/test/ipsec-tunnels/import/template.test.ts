import { expect, it } from 'vitest';
import { CELL_FIELDS } from '../../../src/ipsec-tunnels/cells.ts';
import { COMMENT_MARK, readCells, readHeaders } from '../../../src/ipsec-tunnels/import/columns.ts';
import { conflictsAmong } from '../../../src/ipsec-tunnels/import/conflicts.ts';
import { importTemplate } from '../../../src/ipsec-tunnels/import/template.ts';
import { ACCOUNT_ID } from '../validating.ts';
import { checksBeside } from './rows.ts';

/** No cell of it is over several lines. */
function lines(): string[][] {
  const text = importTemplate().replace('\ufeff', '');
  return text
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g), ([, a, b]) =>
        (a ?? b ?? '').replaceAll('""', '"'),
      ),
    );
}

it('the template has every column, says what each takes, and reads back in without an issue', () => {
  const isComment = ([first = '']: readonly string[]) => first.startsWith(COMMENT_MARK);
  const comments = lines().filter(isComment);
  const [headers = [], ...rows] = lines().filter((line) => !isComment(line));
  const { columns, issues } = readHeaders(headers);
  expect(issues).toEqual([]);
  expect(columns).toEqual(CELL_FIELDS);
  for (const field of CELL_FIELDS) expect(comments.some(([text]) => text?.startsWith(`# ${field} (`))).toBe(true);
  expect(comments.every((cells) => cells.length === 1)).toBe(true);

  const read = rows.map((texts, index) => ({
    number: index + 1,
    cells: readCells(columns, texts),
    generatesKey: false,
  }));
  expect(read).toHaveLength(3);
  const { findingsOn } = checksBeside();
  expect(read.flatMap((row) => findingsOn(row).issues)).toEqual([]);
  expect(conflictsAmong(read, ACCOUNT_ID).size).toBe(0);
});
