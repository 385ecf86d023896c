"""Opens a TCP connection, or accepts one, and prints the largest segment that it may send: what the other side asked for."""

import socket
import sys

PORT = 8080

role, address = sys.argv[1:]
if role == "accept":
    listener = socket.create_server((address, PORT))
    print("listening", flush=True)
    connection, _ = listener.accept()
else:
    connection = socket.create_connection((address, PORT))
print(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG), flush=True)
# Until the other side has seen it too.
connection.shutdown(socket.SHUT_WR)
connection.recv(1)
