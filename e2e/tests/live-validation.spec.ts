import { expect, test } from '../support/desk.ts';
import { field, notesOn, openForm } from '../support/form.ts';

/** A wrong value, what is said of it, and what the button under it puts in its place. */
const FIXES = [
  ['Cloudflare endpoint', '198.51.100.1/32', 'has a prefix length', '198.51.100.1'],
  ['Customer endpoint', '[2001:db8::1]', 'is not an IP address', '2001:db8::1'],
  ['Interface address', '10.0.0.0/24', '10.0.0.0/24 is a /24; a tunnel interface must be /31.', '10.0.0.0/31'],
  ['Interface address', '10.0.0.5', 'add the prefix length', '10.0.0.5/31'],
  ['Interface address', '10.0.0.4 255.255.255.254', 'is not in CIDR notation', '10.0.0.4/31'],
  ['IPv6 interface address', '2001:db8::3/127', 'it must be the first', undefined],
  ['IPv6 interface address', '2001:db8::2', 'add the prefix length', '2001:db8::2/127'],
  ['Custom IKE identity', 'ams-1.example.com', 'must be', undefined],
] as const;

test('a wrong value is named, and fixed by the button under it where the fix is certain', async ({ page }) => {
  await openForm(page);
  for (const [label, wrong, said, fixed] of FIXES) {
    await test.step(`${label}: ${wrong}`, async () => {
      await field(page, label).fill(wrong);
      await field(page, label).blur();
      const notes = await notesOn(page, label);
      await expect(notes).toContainText(said);
      await expect(field(page, label)).toHaveAttribute('aria-invalid', 'true');
      if (fixed === undefined) return;
      await notes.getByRole('button', { name: `Use ${fixed}` }).click();
      await expect(field(page, label)).toHaveValue(fixed);
      await expect(field(page, label)).toHaveAttribute('aria-invalid', 'false');
      await expect(field(page, label)).toBeFocused();
    });
  }
});

test.describe('with BGP on', () => {
  test.beforeEach(async ({ page }) => {
    await openForm(page);
    await field(page, 'Use BGP').click();
  });

  test('an ASN with its letters is fixed', async ({ page }) => {
    await field(page, 'Customer ASN').fill('AS65001');
    await (await notesOn(page, 'Customer ASN')).getByRole('button', { name: 'Use 65001' }).click();
    await expect(field(page, 'Customer ASN')).toHaveValue('65001');
    await expect(await notesOn(page, 'Customer ASN')).toHaveText('');
  });

  test('an MD5 key names the offending character and its position, at the keystroke', async ({ page }) => {
    await field(page, 'MD5 key').pressSequentially('pass"');
    const notes = await notesOn(page, 'MD5 key');
    await expect(notes).toContainText('Character 5 is a quotation mark (")');
    await page.keyboard.press('Backspace');
    await expect(notes).not.toContainText('Character');
    await expect(notes).toContainText('not a security measure');
  });

  test('many prefixes are pasted at once, and the wrong one among them is fixed in its place', async ({ page }) => {
    await field(page, 'Extra prefixes').fill('10.1.0.0/16, 10.0.0.1/8\n10.2.0.0/16 10.3.0.0/16');
    const notes = await notesOn(page, 'Extra prefixes');
    await expect(notes).toContainText('In 10.0.0.1/8 host bits are set.');
    await notes.getByRole('button', { name: 'Use 10.0.0.0/8' }).click();
    await expect(field(page, 'Extra prefixes')).toHaveValue('10.1.0.0/16, 10.0.0.0/8\n10.2.0.0/16 10.3.0.0/16');
    await expect(page.locator('pre')).toContainText('"10.3.0.0/16"');
  });

  test('a prefix with its netmask is one prefix', async ({ page }) => {
    await field(page, 'Extra prefixes').fill('10.0.0.0 255.0.0.0\n10.2.0.0/16');
    await (await notesOn(page, 'Extra prefixes')).getByRole('button', { name: 'Use 10.0.0.0/8' }).click();
    await expect(field(page, 'Extra prefixes')).toHaveValue('10.0.0.0/8\n10.2.0.0/16');
  });
});

test('an empty form does not shout, and a half-typed address is left in peace until it is left', async ({ page }) => {
  await openForm(page);
  await expect(page.locator('[aria-invalid="true"]')).toHaveCount(0);
  const address = field(page, 'Interface address');
  const notes = await notesOn(page, 'Interface address');
  await address.pressSequentially('10.0.0.0/3');
  await expect(notes).toHaveText('');
  await address.blur();
  await expect(notes).toContainText('10.0.0.0/3 is a /3');
  await address.press('End');
  await address.pressSequentially('1');
  await expect(notes).toHaveText('');
});

test('a text that can no longer become right is validated at the keystroke', async ({ page }) => {
  await openForm(page);
  await field(page, 'Interface address').pressSequentially('10.0.0.0/2');
  await expect(await notesOn(page, 'Interface address')).toContainText('is a /2');
});

test('a required field says so once it was emptied, and not when it is merely passed by', async ({ page }) => {
  await openForm(page);
  const name = field(page, 'Name');
  await name.focus();
  await page.keyboard.press('Tab');
  await expect(field(page, 'Description')).toBeFocused();
  await expect(await notesOn(page, 'Name')).toHaveText('');
  await name.fill('x');
  await name.fill('');
  await name.blur();
  await expect(await notesOn(page, 'Name')).toContainText('A name is required.');
});

test('white space around a pasted value is not an error, and is not sent', async ({ page }) => {
  await openForm(page);
  await field(page, 'Interface address').fill('  10.0.0.0/31 ');
  await field(page, 'Interface address').blur();
  await expect(field(page, 'Interface address')).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('pre')).toContainText('"interface_address": "10.0.0.0/31"');
});

test('a valid /31 shows which side is whose', async ({ page }) => {
  await openForm(page);
  await field(page, 'Interface address').fill('192.168.10.11/31');
  await expect(page.getByText('Cloudflare 192.168.10.11').locator('..')).toHaveText(
    /Cloudflare 192\.168\.10\.11\s*⇄\s*192\.168\.10\.10 your router/,
  );
});

test('an advisory warns, says whose advice it is, and does not block', async ({ page }) => {
  await openForm(page);
  await field(page, 'Name').fill('a name with spaces');
  const notes = await notesOn(page, 'Name');
  await expect(notes).toContainText("Cloudflare's guide asks for a name without spaces");
  await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'false');
});

test('a clash with another tunnel of the account is told while typing', async ({ page, desk }) => {
  await openForm(page);
  await page.evaluate(async () => {
    const { result } = (await (await fetch('/api/session')).json()) as { result: { accounts: { id: string }[] } };
    await fetch(`/api/accounts/${result.accounts[0]?.id}/magic/ipsec_tunnels`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'taken', cloudflare_endpoint: '198.51.100.1', interface_address: '10.9.0.0/31' }),
    });
  });
  expect(await desk.tunnels()).toHaveLength(1);
  await page.reload();
  await field(page, 'Name').fill('taken');
  await field(page, 'Interface address').fill('10.9.0.1/31');
  await expect(await notesOn(page, 'Name')).toContainText('already has a tunnel named taken');
  await expect(await notesOn(page, 'Interface address')).toContainText('overlaps 10.9.0.0/31');
});

test.describe("with the guide's address rules", () => {
  test.use({ environment: { INTERFACE_ADDRESS_RULES: 'guide' } });

  test('a /30 of link-local addresses is allowed, and advised on', async ({ page }) => {
    await openForm(page);
    await field(page, 'Interface address').fill('169.254.240.1/30');
    await field(page, 'Interface address').blur();
    await expect(field(page, 'Interface address')).toHaveAttribute('aria-invalid', 'false');
    await expect(await notesOn(page, 'Interface address')).toContainText('not by its API reference');
    await expect(page.getByText('169.254.240.2')).toBeVisible();
  });
});

test('a target is sent whatever the direction is, and its advisory says who reads it', async ({ page }) => {
  await openForm(page);
  await page.getByRole('heading', { name: 'Health check' }).click();
  await field(page, 'Health check target').fill('192.88.99.10');
  await field(page, 'Health check target').blur();
  await expect(page.locator('pre')).toContainText('"target": "192.88.99.10"');
  await expect(await notesOn(page, 'Health check target')).toContainText('bidirectional');
  await field(page, 'Health check direction').selectOption('Unidirectional');
  await expect(page.locator('pre')).toContainText('"target": "192.88.99.10"');
});

test('several wrong prefixes are fixed at once', async ({ page }) => {
  await openForm(page);
  await field(page, 'Use BGP').click();
  await field(page, 'Extra prefixes').fill('10.0.0.1/8, 10.1.0.0/16, 172.16.0.1/12');
  const notes = await notesOn(page, 'Extra prefixes');
  await notes.getByRole('button', { name: 'Fix all 2' }).click();
  await expect(field(page, 'Extra prefixes')).toHaveValue('10.0.0.0/8, 10.1.0.0/16, 172.16.0.0/12');
  await expect(notes.getByRole('button')).toHaveCount(0);
});

test('equal errors go with what was wrong, each of them', async ({ page }) => {
  await openForm(page);
  await field(page, 'Use BGP').click();
  const prefixes = field(page, 'Extra prefixes');
  await prefixes.fill('nonsense nonsense\nnonsense');
  const notes = await notesOn(page, 'Extra prefixes');
  await expect(notes.getByText('Error:')).toHaveCount(3);
  await prefixes.fill('10.1.0.0/16');
  await expect(notes).toHaveText('');
});

test('while the tunnels cannot be listed, the page says that duplicates are not noticed', async ({ page, desk }) => {
  desk.failLists(true);
  await openForm(page);
  await expect(page.getByText("The account's tunnels can't be listed")).toBeVisible();
  desk.failLists(false);
  await page.getByRole('button', { name: 'List again' }).click();
  await expect(page.getByText("The account's tunnels can't be listed")).toHaveCount(0);
});

test('a whole identity pasted into its label is taken for its label', async ({ page }) => {
  await openForm(page);
  const identity = 'ams-1.0123456789abcdef0123456789abcdef.custom.ipsec.cloudflare.com';
  await field(page, 'Custom IKE identity').fill(identity);
  await expect(field(page, 'Custom IKE identity')).toHaveValue('ams-1');
  await expect(page.locator('pre')).toContainText(identity);
});
