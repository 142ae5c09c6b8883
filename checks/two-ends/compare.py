"""Calls an MCP server through the wire, then compares what the API says with what the wire noted.
Usage: compare.py API SERVER TRUTH"""
import http.client
import json
import sys
import threading
import time
import urllib.parse
import urllib.request

API, SERVER, TRUTH = sys.argv[1], urllib.parse.urlparse(sys.argv[2]), sys.argv[3]
CONNECTIONS, CALLS, WITHIN_MICROS = 4, 15, 1_000
SENT = CONNECTIONS * CALLS
EVER = "from=1970-01-02T00:00:00Z&to=2100-01-01T00:00:00Z"
problems = []


def expect(what, is_so, detail=""):
    print(("ok      " if is_so else "FAILED  ") + what + ("" if is_so else f": {detail}"))
    if not is_so:
        problems.append(what)


def agent(number):
    """One connection with one call after another, half of them answered by an event stream; then a plain request."""
    line = http.client.HTTPConnection(SERVER.hostname, SERVER.port)
    def post(method, params, rpc_id=None):
        call = {"jsonrpc": "2.0", "method": method, "params": params}
        if rpc_id is not None:
            call["id"] = rpc_id
        line.request("POST", "/mcp", json.dumps(call), {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"})
        line.getresponse().read()
    post("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "check", "version": "1"}}, 0)
    post("notifications/initialized", {})
    for i in range(CALLS):
        arguments = {"milliseconds": 2 + 3 * (i + number), "size": 10 + 400 * i, "stream": i % 2 == 1}
        post("tools/call", {"name": f"tool_{number}", "arguments": arguments}, i + 1)
    line.request("GET", "/report")
    line.getresponse().read()
    line.close()


def listen(query, seen, begun):
    with urllib.request.urlopen(f"{API}/api/v1/live?{query}") as stream:
        for text in stream:
            if text.startswith(b"event:hello"):
                begun.set()
            if text.startswith(b"data:"):
                row = json.loads(text[5:])
                if row.get("operation") == "tools/call":
                    seen.add(row["exchangeId"])


def ask(query):
    with urllib.request.urlopen(f"{API}/api/v1/{query}") as answer:
        return json.load(answer)


def exchanges(more=""):
    rows, cursor = [], None
    while True:
        page = ask(f"exchanges?{EVER}&limit=500{more}" + (f"&cursor={cursor}" if cursor else ""))
        rows += page["items"]
        cursor = page.get("nextCursor")
        if not cursor:
            return rows


def truth():
    """(client port, sequence number of the request) → (network, server) in microseconds"""
    flows = {}
    with open(TRUTH) as lines:
        for segment in map(json.loads, lines):
            flows.setdefault(segment["port"], []).append(segment)
    told = {}
    for port, segments in flows.items():
        first = last = None
        for segment in sorted(segments, key=lambda one: one["in"]):
            if segment["toServer"]:
                first = first or segment
                last = segment
            elif first:
                at_client = segment["out"] - last["in"]
                at_server = segment["in"] - last["out"]
                told[port, first["sequence"]] = (at_client - at_server, at_server)
                first = last = None
    return told


live = {"": set(), "host=server-host": set()}
for query, seen in live.items():
    begun = threading.Event()
    threading.Thread(target=listen, args=(query + "&kind=exchange", seen, begun), daemon=True).start()
    expect(f"the live stream begins ({query or 'all hosts'})", begun.wait(20), "nothing came")
agents = [threading.Thread(target=agent, args=(i,)) for i in range(CONNECTIONS)]
for one in agents:
    one.start()
for one in agents:
    one.join()

deadline = time.monotonic() + 60
rows = []
while time.monotonic() < deadline:
    rows = exchanges("&operation=tools/call&status=ended")
    if len(rows) >= SENT and all(row.get("networkMicros") is not None for row in rows):
        break
    time.sleep(0.5)
expect(f"each of {SENT} calls is listed once, as the client's host saw it",
       len(rows) == SENT and {row["host"] for row in rows} == {"agent-host"}, f"{len(rows)} rows")
told = truth()
pairs = [(row, told.get((row["client"]["port"], row["requestSequence"]))) for row in rows]
expect("each was seen at the server's host too", all(row.get("serverHost") == "server-host" for row in rows),
       f"{sum(row.get('serverHost') is None for row in rows)} were not")
for name, place in (("networkMicros", 0), ("serverMicros", 1)):
    off = sorted(abs(row[name] - true[place]) for row, true in pairs if true and row.get(name) is not None)
    expect(f"{name} is right within {WITHIN_MICROS} µs in all calls"
           + (f" (off by {off[len(off) // 2]} µs in the median, {off[-1]} at most)" if off else ""),
           len(off) == SENT and off[-1] <= WITHIN_MICROS, f"{len(off)} calls compared, off by {off[-3:]}")


def counted(more=""):
    """(calls of tools, all exchanges) of summaries"""
    of = lambda query: ask(f"summary?{EVER}{query}")["all"]["exchanges"]
    return of(more + "&operation=tools/call"), of(more)


deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    ends = counted("&host=agent-host"), counted("&host=server-host")
    both = counted()
    if both == ends[0] == ends[1] and both[0] == SENT:
        break
    time.sleep(0.5)
expect(f"the summary of all hosts counts {both[1]} exchanges once, {SENT} calls among them, as each host's own does",
       both == ends[0] == ends[1] and both[0] == SENT, f"both {both}, each {ends}")
expect("the live stream of all hosts tells each once", len(live[""]) == SENT, len(live[""]))
expect("the live stream of the server's host tells its own", len(live["host=server-host"]) == SENT, len(live["host=server-host"]))
with urllib.request.urlopen(f"{API}/q/metrics") as answer:
    calls = sum(float(line.rsplit(" ", 1)[1]) for line in answer.read().decode().splitlines()
                if line.startswith("mcp_client_operation_duration_seconds_count") and '"tools/call"' in line)
expect("Prometheus' metrics count each once", calls == SENT, calls)
sys.exit(1 if problems else 0)
