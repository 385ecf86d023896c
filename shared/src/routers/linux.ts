// Linux with strongSwan and FRR: the kind whose configuration is tried on the real daemons.

import {
  type ConfigurationFile,
  commentHead,
  type RouterConfiguration,
  type RouterDefinition,
  type RouterInput,
} from './configuration.ts';
import { adviseOnLinux } from './linux/advice.ts';
import { type BgpTunnel, bgpTunnels, frrConf, md5KeyIssue } from './linux/frr.ts';
import { configurationName } from './linux/names.ts';
import { mssTable } from './linux/nftables.ts';
import { STRONGSWAN_CONF } from './linux/strongswan.ts';
import { swanctlConf } from './linux/swanctl.ts';

export const linux: RouterDefinition = {
  kind: 'linux',
  sources: [
    'GRE and IPsec tunnels, MSS clamping, Traffic steering; Cloudflare',
    'swanctl.conf(5), strongswan.conf(5), Route-based VPN; strongSwan',
    'BGP; FRRouting User Guide',
    'ip-link(8), nft(8), IP Sysctl; Linux',
  ],
  asks: ['uplink', 'isBehindNat', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'eth0',
  uplinkPattern: /^[a-z0-9][a-z0-9._:-]{0,14}$/i,
  configure,
  adviseOn: adviseOnLinux,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const name = configurationName(input);
  const withBgp = settings.routing === 'bgp' ? bgpTunnels(tunnels) : [];
  const frr = frrConf(withBgp, settings.lanPrefixes);
  const files: readonly ConfigurationFile[] = [
    file(input, {
      name: 'swanctl.conf',
      language: 'ini',
      purpose: `strongSwan's connections: /etc/swanctl/conf.d/${name}.conf`,
      body: swanctlConf(input),
    }),
    file(input, {
      name: 'strongswan.conf',
      language: 'ini',
      purpose: "strongSwan's daemon: /etc/strongswan.d/cloudflare.conf",
      body: STRONGSWAN_CONF,
    }),
    file(input, {
      name: 'mss.nft',
      language: 'text',
      purpose: "Clamping of TCP's segments, for nft -f",
      body: mssTable(name, tunnels),
    }),
    ...(frr === ''
      ? []
      : [file(input, { name: 'frr.conf', language: 'commands', purpose: 'BGP in FRR, for vtysh -f', body: frr })]),
  ];
  return { files, leftOut: settings.routing === 'bgp' ? leftOutOfBgp(input, withBgp) : [] };
}

function file(input: RouterInput, { body, ...rest }: Omit<ConfigurationFile, 'content'> & { body: string }) {
  const mark = rest.language === 'commands' ? '!' : '#';
  return { ...rest, content: `${commentHead(input, linux, mark)}${mark}\n${body}` };
}

function leftOutOfBgp({ tunnels }: RouterInput, withBgp: readonly BgpTunnel[]): string[] {
  const [first] = withBgp;
  return tunnels.flatMap(({ label, bgp }) => {
    if (bgp === undefined) return [`BGP over ${label}: the tunnel has none.`];
    if (first === undefined || bgp.customerAsn !== first.bgp.customerAsn)
      return [`BGP over ${label}: its customer ASN is ${bgp.customerAsn}, and a router has one for all its sessions.`];
    const issue = bgp.md5Key === undefined ? undefined : md5KeyIssue(bgp.md5Key);
    return issue === undefined ? [] : [`The MD5 key of ${label}: it ${issue}. Without it the session stays down.`];
  });
}
