// Clamping of TCP's segments to what fits into a tunnel, in nftables.

import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import { interfaceName } from './names.ts';

/** The table of the configuration of that name; nftables has no hyphens in names. */
export function mssTableName(name: string): string {
  return `${name.replaceAll('-', '_')}_mss`;
}

/** A table of its own, replaced as a whole: it can be loaded twice, and nothing else is touched. */
export function mssTable(name: string, tunnels: readonly RouterTunnel[]): string {
  const table = `inet ${mssTableName(name)}`;
  const interfaces = tunnels.map((tunnel) => `"${interfaceName(tunnel)}"`).join(', ');
  const clamp = `tcp flags syn tcp option maxseg size > ${MAX_SEGMENT_SIZE} tcp option maxseg size set ${MAX_SEGMENT_SIZE}`;
  return `table ${table}
delete table ${table}
table ${table} {
  chain forward {
    type filter hook forward priority mangle; policy accept;
    oifname { ${interfaces} } ${clamp}
    iifname { ${interfaces} } ${clamp}
  }
}
`;
}
