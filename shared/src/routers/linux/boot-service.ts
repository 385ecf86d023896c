// What systemd does at every start of the router, before strongSwan and FRR.

/** The scripts it runs are in `/etc/NAME`. */
export function bootService(name: string): string {
  return `[Unit]
Description=Interfaces and MSS clamping of Cloudflare's tunnels (${name})
Wants=network-online.target
# nftables.service flushes every table when it starts.
After=network-online.target systemd-networkd.service nftables.service
Before=strongswan.service frr.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=sh /etc/${name}/interfaces.sh
ExecStart=nft -f /etc/${name}/mss.nft

[Install]
WantedBy=multi-user.target
`;
}
