"""A wire between two devices: each frame comes out some milliseconds later, and TCP segments with data are noted with the
times at which they went in and came out, all by one clock. Usage: wire.py TO_CLIENT TO_SERVER MILLISECONDS FILE"""
import collections
import json
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23
SO_TIMESTAMPNS = 35


def device(name):
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    tap.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.bind((name, 0))
    return tap


def take(tap):
    frame, more, _, _ = tap.recvmsg(65535, 64)
    for _, kind, data in more:
        if kind == SO_TIMESTAMPNS:
            seconds, nanos = struct.unpack("qq", data[:16])
            return frame, seconds * 1_000_000_000 + nanos
    return frame, time.time_ns()


def segment(frame):
    """(source port, destination port, sequence number, payload length) of an IPv4 TCP segment with data, else None"""
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return None
    head = (frame[14] & 15) * 4
    length = struct.unpack("!H", frame[16:18])[0]
    tcp = frame[14 + head:14 + length]
    source, destination, sequence = struct.unpack("!HHI", tcp[:8])
    data = len(tcp) - (tcp[12] >> 4) * 4
    return (source, destination, sequence, data) if data > 0 else None


client, server = device(sys.argv[1]), device(sys.argv[2])
delay = int(float(sys.argv[3]) * 1_000_000)
waiting = collections.deque()
with open(sys.argv[4], "w", buffering=1) as truth:
    while True:
        wait = None if not waiting else max(0, waiting[0][0] - time.time_ns()) / 1e9
        for tap in select.select([client, server], [], [], wait)[0]:
            frame, came = take(tap)
            waiting.append((came + delay, came, tap, frame))
        while waiting and waiting[0][0] <= time.time_ns():
            _, came, tap, frame = waiting.popleft()
            out = time.time_ns()
            (server if tap is client else client).send(frame)
            seen = segment(frame)
            if seen:
                source, destination, sequence, length = seen
                truth.write(json.dumps({
                    "toServer": tap is client, "port": source if tap is client else destination,
                    "sequence": sequence, "length": length, "in": came // 1000, "out": out // 1000}) + "\n")
