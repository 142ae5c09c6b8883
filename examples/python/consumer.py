#!/usr/bin/env python3
"""Prints each exchange when it has ended: type, operation, target, milliseconds. It ends after some seconds without a record.

    python3 consumer.py HOST:PORT               values in single-object encoding
    python3 consumer.py HOST:PORT REGISTRY      in Confluent's wire format, e.g. http://registry:8080/apis/ccompat/v7

Needs confluent-kafka and avro (Debian: python3-confluent-kafka python3-avro).
"""
import io
import json
import os
import re
import sys
import time
import urllib.request

import avro.io
import avro.schema
from confluent_kafka import Consumer

PATIENCE = 4.0
# All schemas ever released stand in the project.
HISTORY = os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    "../../schemas/src/main/resources/io/sidewire/schemas/history/Exchange",
)


def fingerprint(schema):
    """CRC-64-AVRO of the parsing canonical form, as Avro's specification has it."""
    empty = 0xC15D213AA4D7A795
    crc = empty
    # The avro package leaves primitives in braces where they had attributes of Java's.
    form = re.sub(r'\{"type":"([a-z]+)"\}', r'"\1"', schema.canonical_form)
    for byte in form.encode():
        low = (crc ^ byte) & 0xFF
        for _ in range(8):
            low = (low >> 1) ^ (empty if low & 1 else 0)
        crc = (crc >> 8) ^ low
    return crc.to_bytes(8, "little")


def read(schema, value, start):
    return avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(value[start:])))


class SingleObject:
    """C3 01, the fingerprint of the schema, the datum."""

    def __init__(self):
        self.schemas = {}
        for name in os.listdir(HISTORY):
            with open(os.path.join(HISTORY, name), encoding="utf-8") as file:
                schema = avro.schema.parse(file.read())
            self.schemas[fingerprint(schema)] = schema

    def decode(self, value):
        if value[:2] != b"\xc3\x01":
            raise ValueError("not in single-object encoding")
        schema = self.schemas.get(value[2:10])
        if schema is None:
            raise ValueError("written by a later version: its schema is not here")
        return read(schema, value, 10)


class Confluent:
    """A zero byte, the id of the schema, the datum; the registry tells the schema of an id."""

    def __init__(self, registry):
        self.registry = registry
        self.schemas = {}

    def decode(self, value):
        if value[0] != 0:
            raise ValueError("not in Confluent's wire format")
        number = int.from_bytes(value[1:5], "big")
        if number not in self.schemas:
            with urllib.request.urlopen(f"{self.registry}/schemas/ids/{number}") as answer:
                self.schemas[number] = avro.schema.parse(json.load(answer)["schema"])
        return read(self.schemas[number], value, 5)


def main(broker, registry=None):
    encoding = Confluent(registry) if registry else SingleObject()
    # What is committed only: librdkafka's default, like the other settings that are not named here.
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "example-python",
            "client.id": "example-python",
            "auto.offset.reset": "earliest",
        }
    )
    joined = []
    consumer.subscribe(["sidewire.exchanges"], on_assign=lambda *_: joined.append(True))
    seen = {}
    begun = heard = time.monotonic()
    while time.monotonic() - heard < PATIENCE or not joined and time.monotonic() - begun < 60:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise RuntimeError(message.error())
        heard = time.monotonic()
        exchange = encoding.decode(message.value())
        # An exchange is told again as more of it is known: its highest revision counts.
        before = seen.get(exchange["exchangeId"], -1)
        seen[exchange["exchangeId"]] = max(before, exchange["revision"])
        if exchange["outcome"] != "OPEN" and exchange["revision"] > before:
            total = exchange["totalMicros"]
            millis = "NaN" if total is None else f"{total / 1000:.1f}"
            operation = "null" if exchange["operation"] is None else exchange["operation"]
            target = "null" if exchange["target"] is None else exchange["target"]
            print(f"{exchange['flowType']} {operation} {target} {millis} ms")
    consumer.close()
    if not joined:
        sys.exit(f"no partition of sidewire.exchanges came from {broker} within 60 s")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
