package io.sidewire.capture;

import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.capture.redact.NamePolicy;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.RulesException;
import io.sidewire.schemas.KeyedHash;
import java.nio.file.Path;
import java.util.ArrayList;

/** Makes the parts of a pipeline that follow from its settings alone. */
final class PipelineParts {
  private PipelineParts() {}

  /** What may leave: by the settings' names, rules and key; without a key file, under a key of this process alone. */
  static Redaction of(CaptureConfig config) {
    String keyFile = config.get(CaptureConfig.KEY_FILE);
    KeyedHash key = keyFile == null
        ? DeploymentKey.ephemeral()
        : config.get(CaptureConfig.KEY_CREATE)
            ? DeploymentKey.readOrCreate(Path.of(keyFile))
            : DeploymentKey.read(Path.of(keyFile));
    FlowTypeRules rules = rules(config);
    var names = new NamePolicy(config.get(CaptureConfig.NAMES), rules::isAgentName, key);
    return Redaction.of(names, key);
  }

  /** Processes are those of now, so only a live capture has any. */
  static ProcessLookup processes(CaptureConfig config, PacketSource source) {
    return source.live() && config.get(CaptureConfig.PROCESSES)
        ? ProcessLookup.in(Path.of(config.get(CaptureConfig.PROC)))
        : ProcessLookup.none();
  }

  /** The endpoints that the settings tell of: Kafka's bootstrap servers, health, and what else is named. */
  static OwnTraffic ownTraffic(CaptureConfig config) {
    var endpoints = new ArrayList<String>(config.get(CaptureConfig.OWN_ENDPOINTS));
    endpoints.addAll(ConfigKey.list(config.get(CaptureConfig.KAFKA)));
    String health = config.get(CaptureConfig.HEALTH_BIND);
    if (health != null && !health.equals("off")) {
      endpoints.add(health);
    }
    return OwnTraffic.of(endpoints);
  }

  private static FlowTypeRules rules(CaptureConfig config) {
    String file = config.get(CaptureConfig.RULES);
    try {
      return file == null ? FlowTypeRules.builtIn() : FlowTypeRules.load(Path.of(file));
    } catch (RulesException e) {
      throw new CaptureException(CaptureException.Kind.CONFIG, e.getMessage(), e);
    }
  }
}
