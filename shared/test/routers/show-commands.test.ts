import { describe, expect, it } from 'vitest';
import { ROUTER_KINDS } from '../../src/routers/kinds.ts';
import { bgpCommand, looksAt } from '../../src/routers/show-commands.ts';

describe.each(ROUTER_KINDS)('what to look at on %s', (kind) => {
  it('is a question with a command or a page for it', () => {
    const looks = looksAt(kind, true);
    expect(looks.length).toBeGreaterThan(0);
    for (const { question, command, page } of looks) {
      expect(question).toMatch(/\?/);
      expect(command ?? page).toBeDefined();
      expect(command === undefined || page === undefined).toBe(true);
    }
  });

  it('changes nothing', () => {
    for (const { command } of looksAt(kind, true)) {
      expect(command ?? 'show').toMatch(
        /^(?:show|get|diagnose vpn ike gateway list$|swanctl --list|ip -br address|vtysh -c 'show|aws ec2 describe|az [a-z -]* show)/,
      );
      expect(command ?? '').not.toContain('\n');
    }
  });

  it('has BGP where the tunnel has it alone', () => {
    expect(looksAt(kind, false).some(({ command }) => command === (bgpCommand(kind) ?? 'none'))).toBe(false);
  });
});
