# For checks that run the services, each in a JVM of its own, on loopback. Sourced; the caller has set SIDEWIRE.
bin=
if [ -n "${JAVA_HOME-}" ]; then bin=$JAVA_HOME/bin/; fi
work=$(mktemp -d)
running=()
finish() {
  local pid
  for pid in "${running[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${running[@]}"; do wait "$pid" 2> /dev/null || true; done
  [ -z "${KEEP-}" ] || { echo "kept: $work"; return; }; rm -rf "$work" 2> /dev/null || { sleep 1; rm -rf "$work"; }
}
trap finish EXIT
port=$((20000 + RANDOM % 10000))
kafka=127.0.0.1:$((port + 1))
small=("${bin}java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData)

fail() { echo "FAILED  $*"; exit 1; }
start() { # NAME COMMAND…: its output goes to $work/NAME.log
  "${@:2}" > "$work/$1.log" 2>&1 &
  running+=($!)
}
await() { # SECONDS NAME COMMAND…: until it succeeds; NAME is whose log is shown where it does not
  local i
  for i in $(seq $(($1 * 10))); do "${@:3}" > /dev/null 2>&1 && return 0; sleep 0.1; done
  tail -n 8 "$work/$2.log"
  fail "$2 did not come within $1 s"
}
ready() { # PORT PATH
  bash -c "exec 3<> /dev/tcp/127.0.0.1/$1 && printf 'GET $2 HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && head -1 <&3 | grep -q ' 200 '"
}
broker() { # further settings on standard input; listens on $kafka
  cat > "$work/kafka.properties" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$port
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.streams.initial.rebalance.delay.ms=0
log.dirs=$work/kafka
EOF
  cat >> "$work/kafka.properties"
  local server=("${small[@]}" -cp "standalone/target/quarkus-app/lib/main/*")
  "${server[@]}" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qk -c "$work/kafka.properties" "$@" > "$work/format.log" 2>&1 || { cat "$work/format.log"; exit 1; }
  start kafka "${server[@]}" kafka.Kafka "$work/kafka.properties"
  await 60 kafka bash -c ": < /dev/tcp/127.0.0.1/$((port + 1))"
}
plain_broker() {
  broker <<EOF
listeners=CONTROLLER://127.0.0.1:$port,HOST://$kafka
listener.security.protocol.map=CONTROLLER:PLAINTEXT,HOST:PLAINTEXT
inter.broker.listener.name=HOST
controller.listener.names=CONTROLLER
EOF
}
capture() { # SETTINGS… FILE
  "${small[@]}" -cp "capture-producer/target/app/lib/*" io.sidewire.capture.CaptureMain --kafka "$kafka" --names all \
    --key-file "$work/key" --key-create true --health-bind off "$@" > "$work/capture.log" 2>&1
}
processor() { # SETTINGS…; ready at $((port + 2))
  start processor "${small[@]}" -cp "stream-processor/target/app/lib/*" io.sidewire.processor.StreamMain --kafka "$kafka" \
    --state-dir "$work/processor" --health-bind "127.0.0.1:$((port + 2))" "$@"
  await 90 processor ready $((port + 2)) /health/ready
}
api() { # -Dsettings…; ready at $((port + 3))
  start api "${small[@]}" "-Dsidewire.kafka.bootstrap-servers=$kafka" "-Dsidewire.query.state-dir=$work/api" "-Dsidewire.query.instance=check" \
    "-Dsidewire.api.port=$((port + 3))" "$@" -jar query-api/target/quarkus-app/quarkus-run.jar
  await 90 api ready $((port + 3)) /q/health/ready
}
built() { # what the services and this check run from
  [ -d stream-processor/target/app/lib ] && [ -d capture-producer/target/app/lib ] && [ -f query-api/target/quarkus-app/quarkus-run.jar ] \
    && [ -f standalone/target/quarkus-app/quarkus-run.jar ] || "$SIDEWIRE" build
}
