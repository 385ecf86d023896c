import { formatCidr } from '@tunnel-desk/shared/ip/cidr';
import { expect, it, vi } from 'vitest';
import { readPools } from '../../src/ipsec-tunnels/import/pool-text.ts';

const NOTHING = () => undefined;

it('prefixes are read with whatever stands between them, and an empty text is none', () => {
  const { pools, errors } = readPools('10.20.0.0/16, 172.16.0.0/24\n192.168.1.0/31;', 'reference', NOTHING);
  expect(pools.map(formatCidr)).toEqual(['10.20.0.0/16', '172.16.0.0/24', '192.168.1.0/31']);
  expect(errors).toEqual([]);
  expect(readPools(' ', 'reference', NOTHING)).toEqual({ pools: [], errors: [] });
});

it.each([
  ['10.20.0.0', 'is not an IPv4 prefix of /31 or shorter'],
  ['10.20.0.0/32', 'is not an IPv4 prefix of /31 or shorter'],
  ['2001:db8::/64', 'is not an IPv4 prefix of /31 or shorter'],
  ['198.51.100.0/24', 'is outside'],
  ['10.0.0.0/7', 'is outside'],
])('%s is refused: it %s', (text, message) => {
  const { errors } = readPools(`10.1.0.0/24, ${text}`, 'reference', NOTHING);
  expect(errors).toMatchObject([{ message: expect.stringContaining(`${text} ${message}`) }]);
});

it('host bits are taken out by one button', () => {
  const onChange = vi.fn();
  readPools('10.1.0.0/24, 10.20.0.9/16', 'reference', onChange).errors[0]?.fix?.apply();
  expect(onChange).toHaveBeenCalledWith('10.1.0.0/24, 10.20.0.0/16');
});
