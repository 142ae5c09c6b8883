"""A small MCP server over streamable HTTP, with tools that take as long as they are told. Usage: mcp_server.py ADDRESS PORT"""
import json
import socketserver
import sys
import time
from http.server import BaseHTTPRequestHandler


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True

    def do_GET(self):
        time.sleep(0.003)
        self.answer("text/plain", b"all is well\n")

    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "id" not in call:
            self.answer("application/json", b"", 202)
            return
        arguments = call.get("params", {}).get("arguments", {})
        time.sleep(arguments.get("milliseconds", 0) / 1000)
        if call["method"] == "initialize":
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "ends", "version": "1"}}
        else:
            result = {"content": [{"type": "text", "text": "x" * arguments.get("size", 10)}]}
        body = json.dumps({"jsonrpc": "2.0", "id": call["id"], "result": result}).encode()
        if arguments.get("stream"):
            self.answer("text/event-stream", b"event: message\ndata: " + body + b"\n\n")
        else:
            self.answer("application/json", body)

    def answer(self, kind, body, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
