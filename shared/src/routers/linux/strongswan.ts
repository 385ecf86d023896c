// What strongSwan's daemon must leave alone, in strongswan.conf.

/** charon-systemd has a section of its own, which falls back on this one. */
export const STRONGSWAN_CONF = `charon {
  # The XFRM interfaces take the traffic. Routes of strongSwan's own would send all of it into one tunnel.
  install_routes = no
  install_virtual_ip = no
}
`;
