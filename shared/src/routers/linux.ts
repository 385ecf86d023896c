// Linux with strongSwan and FRR: the kind whose configuration is tried on the real daemons.

import { leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import {
  type ConfigurationFile,
  commentHead,
  type RouterConfiguration,
  type RouterDefinition,
  type RouterInput,
} from './configuration.ts';
import { adviseOnLinux } from './linux/advice.ts';
import { frrConf, md5KeyIssue } from './linux/frr.ts';
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
  const withBgp = settings.routing === 'bgp' ? tunnelsOfOneAsn(tunnels) : [];
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
  return { files, leftOut: settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : [] };
}

function file(input: RouterInput, { body, ...rest }: Omit<ConfigurationFile, 'content'> & { body: string }) {
  const mark = rest.language === 'commands' ? '!' : '#';
  return { ...rest, content: `${commentHead(input, linux, mark)}${mark}\n${body}` };
}
