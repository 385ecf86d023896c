// What is said under a field: it comes, changes and goes with the value.

import { expect, test } from '../support/desk.ts';
import { field, notesOn, openForm } from '../support/form.ts';

test('issues that say the same go, each of them, once they are fixed', async ({ page }) => {
  await openForm(page);
  await field(page, 'Use BGP').click();
  const prefixes = field(page, 'Extra prefixes');
  const notes = await notesOn(page, 'Extra prefixes');
  await prefixes.fill('10.x.0.0/16\n10.x.0.0/16\n10.9.0.1/16');
  await prefixes.blur();
  await expect(notes.getByText('Error: ')).toHaveCount(3);
  await prefixes.fill('10.1.0.0/16\n10.2.0.0/16\n10.9.0.1/16');
  await expect(notes.getByText('Error: ')).toHaveCount(1);
  await prefixes.fill('10.1.0.0/16\n10.2.0.0/16\n10.9.0.0/16');
  await expect(notes).toBeEmpty();
});

test('an issue shows the invisible characters of the value it quotes', async ({ page }) => {
  await openForm(page);
  await field(page, 'Use BGP').click();
  await field(page, 'Extra prefixes').fill('10.1\u202E.0.0/16');
  await field(page, 'Extra prefixes').blur();
  const notes = await notesOn(page, 'Extra prefixes');
  await expect(notes).toContainText('10.1⟨U+202E⟩.0.0/16');
  expect(await notes.textContent()).not.toContain('\u202E');
});
