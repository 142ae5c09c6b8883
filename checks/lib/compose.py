"""Checks docker-compose.yml: rights and limits of each service, pinned images, and that .env.example lists every variable."""

import re
import sys

import yaml

text = open("docker-compose.yml").read()
services = yaml.safe_load(text)["services"]
faults = []
for name, service in services.items():
    added = service.get("cap_add", [])
    if not service.get("read_only") or service.get("cap_drop") != ["ALL"]:
        faults.append(f"{name}: a root file system that can be written, or capabilities that are not dropped")
    wanted = {"capture": ["NET_ADMIN", "NET_RAW"], "process": ["DAC_READ_SEARCH", "SYS_PTRACE"]}.get(name.split("-")[0], [])
    if sorted(added) != wanted:
        faults.append(f"{name}: capabilities {added}")
    if not added and "no-new-privileges:true" not in service.get("security_opt", []):
        faults.append(f"{name}: without no-new-privileges")
    if service.get("configs") or service.get("secrets"):
        faults.append(f"{name}: Compose cannot copy configs or secrets into a read-only container")
    if "SYS_PTRACE" in added and service.get("network_mode") != "none":
        faults.append(f"{name}: may read any file, and has a network")
    if not service.get("mem_limit") or not service.get("pids_limit"):
        faults.append(f"{name}: without a limit of memory or processes")
    if name != "topics" and not service.get("healthcheck"):
        faults.append(f"{name}: without a health check")
    if not service["image"].startswith("sidewire/") and not re.search(r":v?\d+\.\d+\.\d+$", service["image"]):
        faults.append(f"{name}: {service['image']} is no pinned version")
for part in ("capture-producer", "stream-processor", "query-api"):
    if not re.search(r"^ARG JRE=\S+:\d+\.\d+\.\d+\S*$", open(part + "/Dockerfile").read(), re.M):
        faults.append(f"{part}/Dockerfile: its base is no pinned version")
listed = set(re.findall(r"^#(SIDEWIRE_\w+)=", open(".env.example").read(), re.M))
used = set(re.findall(r"(?<!\$)\$\{(SIDEWIRE_\w+)", text))
for variable in sorted(used ^ listed):
    faults.append(f"{variable}: {'not in .env.example' if variable in used else 'in .env.example, and nowhere used'}")
for fault in faults:
    print("          " + fault)
sys.exit(bool(faults))
