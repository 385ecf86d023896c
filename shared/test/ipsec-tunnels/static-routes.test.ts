import { describe, expect, it } from 'vitest';
import { routesLeftBehind, routesOnLink } from '../../src/ipsec-tunnels/static-routes.ts';

const route = (nexthop: string) => ({ prefix: '10.9.0.0/16', nexthop });
const LINK = { interface_address: '10.0.0.0/31', interface_address6: 'fd00::2/127' };

describe('a route by its next hop', () => {
  it.each([
    ['10.0.0.1', 'through', "the router's side of the /31"],
    ['fd00::3', 'through', "the router's side of the /127"],
    ['FD00:0::3', 'through', 'the same in another spelling'],
    ['10.0.0.0', '10.0.0.1', "Cloudflare's own side, by mistake"],
    ['fd00::2', 'fd00::3', 'the same in IPv6'],
    ['10.0.0.2', 'elsewhere', 'the link of another tunnel'],
    ['not an address', 'elsewhere', 'what nobody can read'],
  ])('%s: %s (%s)', (nexthop, place, _why) => {
    const { through, mistaken } = routesOnLink([route(nexthop)], LINK);
    const [wrong] = mistaken;
    expect(through.length > 0 ? 'through' : (wrong?.rightNextHop ?? 'elsewhere')).toBe(place);
    expect(mistaken.every(({ isCloudflareSide }) => isCloudflareSide)).toBe(true);
  });

  it('of a /30 may be an address that nobody has', () => {
    const { mistaken } = routesOnLink([route('10.0.0.4'), route('10.0.0.6')], { interface_address: '10.0.0.5/30' });
    expect(mistaken).toEqual([{ route: route('10.0.0.4'), isCloudflareSide: false, rightNextHop: '10.0.0.6' }]);
  });

  it('goes through a link whose other end nobody can tell', () => {
    expect(routesOnLink([route('10.0.0.9')], { interface_address: '10.0.0.1/24' }).through).toHaveLength(1);
  });
});

describe('what a change of the interface addresses leaves behind', () => {
  const routes = [route('10.0.0.1'), route('fd00::3'), route('10.0.0.0')];
  it.each([
    [LINK, 0, 'nothing changes'],
    [{ ...LINK, interface_address: '10.0.0.8/31' }, 1, 'the route to the old router side'],
    [{ ...LINK, interface_address: '10.0.0.1/31' }, 1, 'both ends are exchanged: the next hop is Cloudflare now'],
    [{ interface_address: LINK.interface_address, interface_address6: '' }, 1, 'the IPv6 link is removed'],
    [{ interface_address: '10.0.0.8/31' }, 2, 'both links change'],
  ])('%o: %i (%s)', (after, count, _why) => {
    expect(routesLeftBehind(routes, LINK, after)).toHaveLength(count);
  });
});
