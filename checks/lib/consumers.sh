# Runs the consumers of examples/ against the topics, with the URL of a registry or without one; sourced after services.sh.
# The capture of the check has these many exchanges that end, and calls of MCP tools.
consumers() { # EXPECTED TOOL_CALLS [REGISTRY [CCOMPAT]]
  local java=("${small[@]}" -cp "examples/java/target/app/lib/*:examples/java/target/classes") lines tools
  "${java[@]}" io.sidewire.examples.PlainConsumer "$kafka" ${3:+"$3"} > "$work/plain.out" 2> "$work/plain.log" || { tail -n 5 "$work/plain.log"; fail "the Java consumer"; }
  lines=$(sort "$work/plain.out" | uniq | wc -l)
  [ "$lines" -ge "$1" ] || { tail -n 3 "$work/plain.out"; fail "the Java consumer shows $lines exchanges, not $1"; }
  echo "ok      the Java consumer reads $lines exchanges"
  start tools "${java[@]}" io.sidewire.examples.ToolCalls "$kafka" ${3:+"$3"}
  await 60 tools counted "$2"
  echo "ok      the Kafka Streams example counts $2 calls of tools"
  if node_ready; then
    node "$work/node/consumer.js" "$kafka" ${4:+"$4"} > "$work/node.out" 2> "$work/node.log" || { tail -n 5 "$work/node.log"; fail "the Node.js consumer"; }
    diff <(sort "$work/plain.out") <(sort "$work/node.out") > "$work/diff" || { head -n 6 "$work/diff" "$work/node.log"; fail "the Node.js consumer tells other exchanges than the Java one"; }
    echo "ok      the Node.js consumer tells the same exchanges"
  else
    echo "NOT RUN the Node.js consumer: $why"
    incomplete="the Node.js consumer was not run: $why"
  fi
  if python_ready; then
    "$python" examples/python/consumer.py "$kafka" ${4:+"$4"} > "$work/python.out" 2> "$work/python.log" || { tail -n 5 "$work/python.log"; fail "the Python consumer"; }
    diff <(sort "$work/plain.out") <(sort "$work/python.out") > "$work/diff" || { head -n 6 "$work/diff" "$work/python.log"; fail "the Python consumer tells other exchanges than the Java one"; }
    echo "ok      the Python consumer tells the same exchanges"
  else
    why="no Python 3 has confluent-kafka and avro (Debian: python3-confluent-kafka python3-avro)"
    echo "NOT RUN the Python consumer: $why"
    incomplete="${incomplete:+$incomplete; }the Python consumer was not run: $why"
  fi
}
# Sets $python to one that has the example's packages: what comes first in the path need not be the system's.
python_ready() {
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import avro.io, confluent_kafka' 2> /dev/null && return 0
  done
  return 1
}
counted() { # CALLS
  [ "$(awk '$1 == "tool" {calls[$2] = $3} END {for (tool in calls) sum += calls[tool]; print sum + 0}' "$work/tools.log")" = "$1" ]
}
# A copy with its packages beside it; the schemas stay where they are.
node_ready() {
  [ ! -d "$work/node/node_modules" ] || return 0
  command -v node > /dev/null && command -v npm > /dev/null || { why="Node.js and npm are not installed"; return 1; }
  mkdir -p "$work/node"
  cp examples/node/package.json examples/node/package-lock.json "$work/node/"
  sed "s|new URL('../../schemas/|new URL('file://$PWD/schemas/|" examples/node/consumer.js > "$work/node/consumer.js"
  (cd "$work/node" && npm ci --no-audit --no-fund --ignore-scripts) > "$work/npm.log" 2>&1 || { why="its packages cannot be installed: $(tail -n 1 "$work/npm.log")"; rm -rf "$work/node/node_modules"; return 1; }
}
examples_built() {
  mvn -B -q -ntp ${SIDEWIRE_MAVEN_OPTIONS-} -pl examples/java -am -Dmaven.test.skip=true package || fail "examples/java does not build"
}
