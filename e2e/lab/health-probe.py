"""Sends one of Cloudflare's health probes into a tunnel, and says as JSON how it came back; null where it did not.

The arguments are the tunnel's interface, Cloudflare's address in it, the router's, and the kind of probe: a request is an
ICMP echo request to the router; a reply is an ICMP echo reply from the router's address to Cloudflare's, which the router
has to send back as it is. An ordinary request goes after each, so that a probe is known to be lost without waiting for it.
"""

import json
import socket
import struct
import sys

ECHO_REPLY, ECHO_REQUEST = 0, 8
PROBE, FOLLOWER = 1, 2
# Requests that come back one after another, each sent behind a probe: more than could overtake it.
ROUNDS = 3
PACKET_OUTGOING = 4
ETH_P_IP = 0x0800

interface, cloudflare, router, kind = sys.argv[1:]


def checksum(content):
    total = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo(icmp_type, identifier, source, destination):
    body = struct.pack("!HH", identifier, 1) + b"a health probe.."
    icmp = struct.pack("!BBH", icmp_type, 0, checksum(struct.pack("!BBH", icmp_type, 0, 0) + body)) + body
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    # The kernel fills in the header's checksum and length.
    return struct.pack("!BBHHHBBH", 0x45, 0, 0, identifier, 0, 64, socket.IPPROTO_ICMP, 0) + addresses + icmp


if kind == "request":
    probe = echo(ECHO_REQUEST, PROBE, cloudflare, router)
else:
    probe = echo(ECHO_REPLY, PROBE, router, cloudflare)
follower = echo(ECHO_REQUEST, FOLLOWER, cloudflare, router)

sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
receiver = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
receiver.bind((interface, ETH_P_IP))


def next_echo():
    while True:
        packet, address = receiver.recvfrom(2048)
        if address[2] != PACKET_OUTGOING and packet[9] == socket.IPPROTO_ICMP and packet[20] == ECHO_REPLY:
            return packet


for _ in range(ROUNDS):
    for packet in (probe, follower):
        # Into the interface whatever the addresses are: of a reply both ends are the same to the routing table.
        sender.sendto(packet, (router, 0))
    while True:
        returned = next_echo()
        (identifier,) = struct.unpack("!H", returned[24:26])
        if identifier == PROBE:
            source, destination = (socket.inet_ntoa(returned[start : start + 4]) for start in (12, 16))
            print(json.dumps({"source": source, "destination": destination, "ttl": returned[8]}))
            sys.exit()
        if identifier == FOLLOWER:
            break
print("null")
