// Linux with strongSwan and FRR: the kind whose configuration is tried on the real daemons.

import { leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import {
  type ConfigurationFile,
  commentHead,
  type FileLanguage,
  type RouterConfiguration,
  type RouterDefinition,
  type RouterInput,
} from './configuration.ts';
import { adviseOnLinux } from './linux/advice.ts';
import { applyScript } from './linux/apply-script.ts';
import { bootService } from './linux/boot-service.ts';
import { checkScript } from './linux/check-script.ts';
import { frrConf, md5KeyIssue } from './linux/frr.ts';
import { interfacesScript } from './linux/interfaces.ts';
import { configurationName } from './linux/names.ts';
import { netdevUnit, networkdName, networkUnit } from './linux/networkd.ts';
import { mssTable } from './linux/nftables.ts';
import { leftOutOfStatic } from './linux/routes.ts';
import { STRONGSWAN_CONF } from './linux/strongswan.ts';
import { swanctlConf } from './linux/swanctl.ts';
import { sysctlConf } from './linux/sysctl.ts';

export const linux: RouterDefinition = {
  kind: 'linux',
  sources: [
    'GRE and IPsec tunnels, MSS clamping, Traffic steering; Cloudflare',
    'swanctl.conf(5), strongswan.conf(5), Route-based VPN; strongSwan',
    'BGP; FRRouting User Guide',
    'ip-link(8), nft(8), IP Sysctl; Linux',
    'systemd.netdev(5), systemd.network(5); systemd',
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
  const files: readonly ConfigurationFile[] = [
    script(input, 'apply.sh', 'Checks, then puts everything in place: start here', applyScript(input)),
    script(input, 'check.sh', 'Says what is up and what is not', checkScript(input)),
    ini(input, 'swanctl.conf', `Connections of strongSwan: /etc/swanctl/conf.d/${name}.conf`, swanctlConf(input)),
    ini(input, 'strongswan.conf', "strongSwan's daemon: /etc/strongswan.d/cloudflare.conf", STRONGSWAN_CONF),
    script(input, 'interfaces.sh', 'XFRM interfaces, addresses, static routes', interfacesScript(input)),
    ini(input, 'sysctl.conf', `Forwarding: /etc/sysctl.d/90-${name}.conf`, sysctlConf(tunnels)),
    file(input, 'mss.nft', 'text', 'MSS clamping, for nft -f', mssTable(name, tunnels)),
    ...(withBgp.length === 0
      ? []
      : [file(input, 'frr.conf', 'commands', 'BGP, for vtysh -f', frrConf(name, withBgp, settings.lanPrefixes))]),
    ini(input, 'boot.service', 'Interfaces and MSS clamping at boot, in systemd', bootService(name)),
    ...tunnels.flatMap((tunnel) => [
      ini(input, networkdName(tunnel, 'netdev'), 'The interface, where systemd-networkd runs', netdevUnit(tunnel)),
      ini(input, networkdName(tunnel, 'network'), 'Its address and routes there', networkUnit(input, tunnel)),
    ]),
  ];
  return {
    files,
    leftOut: settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : leftOutOfStatic(input),
  };
}

function script(input: RouterInput, name: string, purpose: string, body: string): ConfigurationFile {
  const { content, ...rest } = file(input, name, 'shell', purpose, body);
  return { ...rest, content: `#!/bin/sh\n${content}` };
}

function ini(input: RouterInput, name: string, purpose: string, body: string): ConfigurationFile {
  return file(input, name, 'ini', purpose, body);
}

function file(
  input: RouterInput,
  name: string,
  language: FileLanguage,
  purpose: string,
  body: string,
): ConfigurationFile {
  const mark = language === 'commands' ? '!' : '#';
  return { name, language, purpose, content: `${commentHead(input, linux, mark)}${mark}\n${body}` };
}
