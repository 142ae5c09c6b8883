"""Checks Grafana's dashboards: their form, and every query against a running Prometheus. Arguments: Prometheus, API."""

import glob
import json
import sys
import time
import urllib.parse
import urllib.request

import yaml

PROMETHEUS, API = sys.argv[1:3]
# Of a processor of its own, which a replay does not have, and of errors, which its captures may not have.
MAY_BE_EMPTY = ("sidewire_processor_", "sidewire_exchange_errors", "packets_lost")
failed = False


def say(good, what):
    global failed
    failed |= not good
    print(("ok      " if good else "FAILED  ") + what)


def ask(query):
    address = PROMETHEUS + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def scraped():
    try:
        return len(ask("count_over_time(sidewire_exchanges_total[1m]) >= 3")) > 0
    except OSError:
        return False


for _ in range(100):
    if scraped():
        break
    time.sleep(0.5)
else:
    say(False, "Prometheus scraped nothing from " + API)

sources = {s["uid"] for s in yaml.safe_load(open("packaging/observability/grafana/provisioning/datasources/prometheus.yml"))["datasources"]}
for name in sorted(glob.glob("packaging/observability/grafana/dashboards/*.json")):
    board = json.load(open(name))
    panels = board["panels"]
    say(bool(board["uid"] and board["title"] and board["schemaVersion"]), name + " has uid, title and schema version")
    say(len({p["id"] for p in panels}) == len(panels), name + ": no panel id twice")
    say(all(p["gridPos"]["x"] + p["gridPos"]["w"] <= 24 for p in panels), name + ": panels fit the grid")
    say(all(t["datasource"]["uid"] in sources for p in panels for t in p["targets"]), name + ": the data source is the provisioned one")
    for panel in panels:
        for target in panel["targets"]:
            query = target["expr"].replace("$__rate_interval", "1m").replace("$flow_type", ".*").replace("$host", ".*")
            # Counters of a finished replay stand still: a rate of 0 is an answer, no series is none.
            try:
                rows = ask(query)
            except OSError as e:
                say(False, f"{panel['title']}: {query}: {e}")
                continue
            say(len(rows) > 0 or any(part in query for part in MAY_BE_EMPTY), f"{panel['title']}: {len(rows)} series")
sys.exit(failed)
