"""Asks a model over TLS with the key log of Python's own ssl module: a call, and one more for each line that it reads."""
import http.client
import json
import socket
import ssl
import sys

name, port, certificate = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=certificate)  # heeds SSLKEYLOGFILE
connection = http.client.HTTPConnection(name, port)
connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=name)


def ask(stream):
    body = json.dumps({"model": "gpt-4o", "stream": stream, "messages": [{"role": "user", "content": "hello"}]})
    path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
    connection.request("POST", path, body, {"content-type": "application/json", "api-key": "a-secret-of-python"})
    answer = connection.getresponse()
    answer.read()
    print(answer.status, flush=True)


ask(False)
for line in sys.stdin:
    ask(True)
connection.close()
