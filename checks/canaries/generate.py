"""Traffic of agents on loopback with made-up secrets wherever one can stand, and with names that would do harm if they
were shown as they are; in clear text, and inside TLS with a key log.

Arguments: a folder with cert.pem and key.pem, where it writes keys.log, and secrets.txt: the secrets of this run, one a line.
Every talk goes over a real connection, once in whole messages and once in pieces of a few bytes.
"""

import base64
import gzip
import json
import os
import secrets
import socket
import ssl
import sys
import threading
import time
import urllib.parse
import uuid

folder = sys.argv[1]
used = []
LITTLE = 7
H1 = "HTTP/1.1 200 OK\r\n"


def canary(where):
    """A secret that is nowhere else: what is found says where it stood."""
    used.append("CANARY-" + where + "-" + secrets.token_hex(8))
    return used[-1]


def session():
    used.append(str(uuid.uuid4()))
    return used[-1]


def forms(secret):
    """One secret in all the ways in which applications write them."""
    escaped = "".join("\\u%04x" % ord(c) for c in secret)
    coded = base64.b64encode(secret.encode()).decode()
    return '"%s","%s","%s","%s"' % (secret, escaped, coded, urllib.parse.quote(secret).replace("-", "%2D"))


def post(path, body, *fields, host="canary.openai.azure.com"):
    body = body.encode("latin-1") if isinstance(body, str) else body
    head = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n" % (path, host, len(body))
    return ("c", head.encode("latin-1") + b"".join(f.encode("latin-1") + b"\r\n" for f in fields) + b"\r\n" + body)


def answer(body, *fields, status="200 OK", kind="application/json"):
    body = body.encode("latin-1") if isinstance(body, str) else body
    head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (status, kind, len(body))
    return ("s", head.encode() + b"".join(f.encode("latin-1") + b"\r\n" for f in fields) + b"\r\n" + body)


def chunked(text, size):
    data = text.encode()
    pieces = [data[i:i + size] for i in range(0, len(data), size)] + [b""]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces)


def model_call():
    ask = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": canary("prompt")}], "user": canary("user"),
                      "tools": [{"type": "function", "function": {"name": "get_weather", "description": canary("description")}}]})
    tell = ('{"object":"chat.completion","id":"%s","model":"gpt-4o","choices":[{"finish_reason":"tool_calls","message":{"content":[%s],'
            '"tool_calls":[{"id":"%s","type":"function","function":{"name":"get_weather","arguments":"{\\"city\\":\\"%s\\"}"}}]}}],'
            '"usage":{"prompt_tokens":11,"completion_tokens":7}}' % (canary("id"), forms(canary("content")), canary("call"), canary("arguments")))
    return [post("/openai/deployments/gpt-4o/chat/completions?api-version=1&api-key=" + canary("query"), ask,
                 "api-key: " + canary("api-key"), "Authorization: Bearer " + canary("bearer"), "Cookie: s=" + canary("cookie"),
                 canary("field-name") + ": 1", "User-Agent: " + canary("agent")),
            answer(tell, "Set-Cookie: s=" + canary("set-cookie"), "x-request-id: " + canary("request-id"))]


def streamed_call():
    text = canary("stream")
    events = "".join('data: {"object":"chat.completion.chunk","model":"gpt-4o","choices":[{"delta":{"content":"%s"}}]}\n\n' % piece
                     for piece in [text, text[:20], text[20:]]) + "data: [DONE]\n\n: " + canary("comment") + "\n\n"
    ask = '{"model":"gpt-4o","stream":true,"messages":[%s]}' % forms(canary("streamed-prompt"))
    head = (H1 + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
    return [post("/v1/chat/completions", ask), ("s", head + chunked(events, 11))]


def failed_call():
    error = '{"error":{"message":"%s","code":"%s","type":"%s"}}' % (canary("message"), canary("code"), canary("type"))
    return [post("/v1/files/%s/content" % canary("path"), "{}"), answer(error, "retry-after: 3", status="429 " + canary("reason"))]


def compressed_call():
    body = gzip.compress(('{"model":"gpt-4o","choices":[{"message":{"content":"%s"}}]}' % canary("gzip")).encode())
    return [post("/v1/chat/completions", '{"model":"gpt-4o","messages":[]}'), answer(body, "Content-Encoding: gzip")]


def rpc(number, method, params):
    return '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}' % (number, method, params)


def tools():
    ident = "Mcp-Session-Id: " + session()
    begin = rpc(0, "initialize", '{"protocolVersion":"2025-03-26","clientInfo":{"name":"check","version":"1"},"x":"%s"}' % canary("init"))
    call = rpc('"%s %s"' % (canary("rpc-id"), "x" * 80), "tools/call", '{"name":"store_memory","arguments":{"text":[%s]}}' % forms(canary("tool-arguments")))
    read = rpc(2, "resources/read", '{"uri":"file:///home/%s/notes"}' % canary("uri"))
    stream = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"contents\":[{\"text\":\"%s\"}]}}\n\n" % canary("resource")
    wrong = '{"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"%s","data":"%s"}}' % (canary("rpc-message"), canary("rpc-data"))
    return [post("/mcp", begin, host="localhost:8000"),
            answer('{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-03-26","serverInfo":{"name":"srv","version":"1"},"instructions":"%s"}}'
                   % canary("instructions"), ident),
            post("/mcp", call, ident), answer('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"%s"}],"isError":true}}' % canary("result"), ident),
            post("/mcp", read, ident), ("s", (H1 + "Content-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(stream) + stream).encode()),
            post("/mcp?token=" + canary("mcp-query"), rpc(3, "tools/call", '{"name":"get_weather"}'), ident), answer(wrong)]


def legacy_tools():
    where = "/messages?sessionId=" + session()
    events = "event: endpoint\ndata: %s\n\n" % where + 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"content":"%s"}}\n\n' % canary("legacy")
    return [("c", b"GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"),
            ("s", (H1 + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n").encode() + chunked(events, 40))], \
           [post(where, rpc(1, "tools/call", '{"name":"get_weather","arguments":{"q":"%s"}}' % canary("legacy-arguments"))), answer("Accepted", status="202 Accepted")]


def through_a_proxy():
    return [("c", ("GET http://user:%s@intern.example/%s HTTP/1.1\r\nHost: user:%s@intern.example\r\nProxy-Authorization: Basic %s\r\n\r\n"
                   % (canary("userinfo"), canary("target"), canary("host-userinfo"), base64.b64encode(canary("basic").encode()).decode())).encode()),
            answer(canary("page"), kind="text/html")]


def socket_talk():
    text = canary("websocket").encode()
    mask = b"\x01\x02\x03\x04"
    masked = bytes(b ^ mask[i % 4] for i, b in enumerate(text))
    return [("c", ("GET /v1/realtime?key=%s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n"
                   % (canary("ws-query"), base64.b64encode(secrets.token_bytes(16)).decode())).encode()),
            ("s", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"),
            ("c", bytes([0x81, 0x80 | len(text)]) + mask + masked), ("s", bytes([0x81, len(text)]) + text)]


def unknown_protocols():
    return [("s", b"220 ready\r\n"), ("c", ("USER jane\r\nPASS %s\r\n" % canary("ftp")).encode()), ("s", ("530 %s\r\n" % canary("ftp-answer")).encode()),
            ("c", b"\x00\x01" + canary("binary").encode() * 3)]


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def fields(*pairs):
    """Literal fields without indexing: no Huffman codes, no table."""
    def text(t):
        return (bytes([len(t)]) if len(t) < 127 else bytes([127, len(t) - 127])) + t
    return b"".join(b"\x00" + text(n.encode()) + text(v.encode()) for n, v in pairs)


def http2():
    ask = ('{"model":"gpt-4o","stream":true,"messages":[%s]}' % forms(canary("h2-prompt"))).encode()
    head = fields((":method", "POST"), (":scheme", "https"), (":path", "/v1/chat/completions?k=" + canary("h2-query")), (":authority", "canary.openai.azure.com"),
                  ("content-type", "application/json"), ("authorization", "Bearer " + canary("h2-bearer")), ("cookie", canary("h2-cookie")))
    back = fields((":status", "200"), ("content-type", "text/event-stream"), ("set-cookie", canary("h2-set-cookie")))
    event = ('data: {"object":"chat.completion.chunk","model":"gpt-4o","choices":[{"delta":{"content":"%s"},"finish_reason":"stop"}]}\n\n' % canary("h2-stream")).encode()
    half = len(head) // 2
    return [("c", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")), ("s", frame(4, 0, 0, b"") + frame(4, 1, 0, b"")),
            ("c", frame(4, 1, 0, b"") + frame(1, 0, 1, head[:half]) + frame(9, 4, 1, head[half:]) + frame(0, 1, 1, ask)),
            ("s", frame(1, 4, 1, back) + frame(0, 0, 1, event[:30]) + frame(0, 0, 1, event[30:]) + frame(0, 1, 1, b"data: [DONE]\n\n")
             + frame(7, 0, 0, b"\0\0\0\1\0\0\0\0" + canary("h2-debug").encode()))]


HOSTILE = ["\x1b]0;HOSTILE\x07\x1b[2J\x1b[31mHOSTILE", '<img src=x onerror="window.hostile=1"><hostile-mark>HOSTILE</hostile-mark>',
           'HOSTILE"} 1\n# HELP hostile x\nhostile{x="$(reboot)`', "\u202eHOSTILE\u2028\x85next", "H\xff\xc0\xaf\xed\xa0HOSTILE", "HOSTILE" * 150_000]


def hostile(name):
    """One name wherever a name can stand."""
    raw = name.encode("utf-8", "surrogatepass").decode("latin-1") if max(name) > "\xff" else name
    short = raw[:3000].replace("\r", " ").replace("\n", " ")
    quoted = json.dumps(raw)
    quoted = quoted if len(raw) > 5000 else '"' + raw.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    model = '{"object":"chat.completion","model":%s,"choices":[{"finish_reason":%s,"message":{"tool_calls":[{"type":"function","function":{"name":%s}}]}}]}'
    return [post("/mcp/" + short.replace(" ", "_"), rpc(quoted, "tools/call", '{"name":%s}' % quoted), "Mcp-Name: " + short, "Mcp-Method: " + short, host=short),
            answer('{"jsonrpc":"2.0","id":%s,"error":{"code":-1,"message":%s}}' % (quoted, quoted), "Server: " + short),
            post("/mcp", rpc(1, "initialize", '{"protocolVersion":%s,"clientInfo":{"name":%s,"version":%s}}' % (quoted, quoted, quoted))),
            answer('{"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"name":%s,"version":%s}}}' % (quoted, quoted), "Mcp-Session-Id: " + short[:60]),
            post("/openai/deployments/%s/chat/completions" % short.replace(" ", "_"), '{"model":%s,"messages":[]}' % quoted),
            answer(model % (quoted, quoted, quoted), status="200 " + short[:200]),
            ("c", b"HOSTILE\x1b[2J /" + short.encode("latin-1") + b" HTTP/1.1\r\nHost: x\r\n\r\n"), answer("{}")]


def carry(steps, piece, version=None, alpn=None):
    """Both ends of a connection, the steps of its talk in their order."""
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server = listener.accept()[0]
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.settimeout(30)
    ends = {"c": client, "s": server}
    if version:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ours.check_hostname = False
        ours.verify_mode = ssl.CERT_NONE
        ours.keylog_filename = folder + "/keys.log"
        for context in (ours, theirs):
            context.minimum_version = context.maximum_version = version
            if alpn:
                context.set_alpn_protocols([alpn])
        accepted = threading.Thread(target=lambda: ends.update(s=theirs.wrap_socket(server, server_side=True)))
        accepted.start()
        ends["c"] = ours.wrap_socket(client, server_hostname="canary.openai.azure.com")
        accepted.join()
    for side, data in steps:
        other = ends["s" if side == "c" else "c"]
        reader = threading.Thread(target=take, args=(other, len(data)))
        reader.start()
        step = piece if len(data) < 20_000 else 16_000
        for at in range(0, len(data), step):
            ends[side].sendall(data[at:at + step])
        reader.join()
    for end in ends.values():
        end.close()
    listener.close()


def take(end, count):
    while count > 0:
        count -= len(end.recv(min(count, 65536)) or b"x" * count)


def datagram():
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.sendto(canary("datagram").encode(), ("127.0.0.1", 9))
    out.close()


def main():
    for piece in (1 << 20, LITTLE):
        for version, alpn in ((None, None), (ssl.TLSVersion.TLSv1_2, "http/1.1"), (ssl.TLSVersion.TLSv1_3, "http/1.1")):
            for talk in (model_call, streamed_call, failed_call, compressed_call, tools, through_a_proxy, socket_talk, unknown_protocols):
                carry(talk(), piece, version, alpn)
            for talk in legacy_tools():
                carry(talk, piece, version, alpn)
            carry(http2(), piece, version, "h2" if version else None)
    datagram()
    for name in HOSTILE:
        for version in (None, ssl.TLSVersion.TLSv1_3):
            carry(hostile(name), 1 << 20, version)
    with open(folder + "/secrets.txt", "w", encoding="ascii") as out:
        out.write("\n".join(used) + "\n")
    print(len(used), "secrets")


os.umask(0o077)
main()
time.sleep(0.2)
