"""Switches a device's offloads off: a wire carries whole frames with their checksums. Usage: plain.py DEVICE"""
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
SWITCHES = {"rx checksums": 0x15, "tx checksums": 0x17, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    for name, command in SWITCHES.items():
        value = array.array("B", struct.pack("II", command, 0))
        request = struct.pack("16sP", sys.argv[1].encode(), value.buffer_info()[0])
        try:
            fcntl.ioctl(control, SIOCETHTOOL, request)
        except OSError as e:
            print(f"{name} of {sys.argv[1]} stay as they are: {e.strerror}", file=sys.stderr)
