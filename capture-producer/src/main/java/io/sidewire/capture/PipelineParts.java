package io.sidewire.capture;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.keylog.KeyLog;
import io.sidewire.capture.process.ProcessLookup;
import io.sidewire.capture.redact.NamePolicy;
import io.sidewire.capture.redact.PreviewText;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.capture.save.FrameSaver;
import io.sidewire.capture.save.Ring;
import io.sidewire.capture.save.SaveSettings;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.RulesException;
import io.sidewire.schemas.KeyedHash;
import io.sidewire.schemas.Keys;
import io.sidewire.wire.flow.ExcerptListener;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the parts of a pipeline that follow from its settings alone. */
final class PipelineParts {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineParts.class);

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
  static ProcessLookup processes(
      CaptureConfig config, PacketSource source, CaptureCounters counters) {
    if (!source.live() || !config.get(CaptureConfig.PROCESSES)) {
      return ProcessLookup.none();
    }
    String socket = config.get(CaptureConfig.PROCESS_SOCKET);
    return ProcessLookup.in(
        Path.of(config.get(CaptureConfig.PROC)),
        socket == null ? null : Path.of(socket),
        () -> counters.add(Count.LOOKUPS_LOST, 1));
  }

  /** Those that save packets, where the settings name a folder for all or for the most recent ones. */
  static List<FrameSaver> savers(
      CaptureConfig config, PacketSource source, CaptureCounters counters) {
    var out = new ArrayList<FrameSaver>();
    SaveSettings all = config.save();
    if (all.folder() != null) {
      if (all.content() == SaveSettings.Content.RAW) {
        LOG.warn("packets are saved unmasked in {}: with every secret in them", all.folder());
      }
      out.add(saver("save-dir", all, source, counters));
    }
    SaveSettings recent = config.recent();
    if (recent.folder() != null && source.live()) {
      out.add(ring(recent, source, counters));
    }
    return List.copyOf(out);
  }

  /** A ring begins empty: what is in it is of this capture. */
  private static FrameSaver ring(
      SaveSettings settings, PacketSource source, CaptureCounters counters) {
    try {
      Ring.clear(settings.folder());
    } catch (IOException e) {
      throw unusable("recent-dir", settings, e);
    }
    return saver("recent-dir", settings, source, counters);
  }

  /** A ring ends with its capture; what a killed one left goes when the next begins. */
  static void emptyRing(CaptureConfig config, PacketSource source) {
    Path folder = config.recent().folder();
    if (folder != null && source.live()) {
      try {
        Ring.clear(folder);
      } catch (IOException e) {
        LOG.warn("{} cannot be emptied ({})", folder, e.getClass().getSimpleName());
      }
    }
  }

  private static FrameSaver saver(
      String setting, SaveSettings settings, PacketSource source, CaptureCounters counters) {
    boolean counted = setting.equals("save-dir");
    try {
      return FrameSaver.start(settings, source.live(), new FrameSaver.Counts() {
        @Override
        public void saved(long packets) {
          counters.add(counted ? Count.SAVED : Count.RECENT, packets);
        }

        @Override
        public void dropped(long packets) {
          counters.add(counted ? Count.SAVE_DROPPED : Count.RECENT_DROPPED, packets);
        }
      });
    } catch (IOException e) {
      throw unusable(setting, settings, e);
    }
  }

  private static CaptureException unusable(String setting, SaveSettings settings, IOException e) {
    return new CaptureException(
        CaptureException.Kind.CONFIG,
        setting + "=" + settings.folder() + " cannot be used (" + FileFault.reason(e)
            + "): name a folder that this user may write to",
        e);
  }

  /** Cleans what is said before anyone else has it; null where nobody is to see it. */
  static ExcerptListener excerpts(PreviewSink preview) {
    if (preview == null) {
      return null;
    }
    return (flow, excerpt) -> preview.preview(
        Keys.exchange(HexFormat.of().toHexDigits(flow.id()), excerpt.exchange()),
        excerpt.part(),
        PreviewText.of(excerpt.text(), excerpt.cut()));
  }

  /** Whoever looks at a host sees that packets are saved there, whether with their secrets, and that words are shown. */
  static CaptureInput tellSaving(CaptureInput input, CaptureConfig config, boolean preview) {
    SaveSettings settings = config.save();
    boolean ring = config.recent().folder() != null && !input.file();
    if (settings.folder() == null && !ring && !preview) {
      return input;
    }
    var told = new TreeMap<>(input.settings());
    if (settings.folder() != null) {
      told.put("save", settings.content().name().toLowerCase(Locale.ROOT));
    }
    if (ring) {
      told.put("recent", "masked");
    }
    if (preview) {
      told.put("preview", "console");
    }
    return new CaptureInput(input.host(), input.epoch(), input.file(), told);
  }

  /** The key logs that the settings name; null where they name none. */
  static KeyLog keyLog(CaptureConfig config, PacketSource source) {
    List<Path> paths = config.get(CaptureConfig.KEYLOG).stream().map(Path::of).toList();
    if (paths.isEmpty()) {
      return null;
    }
    if (config.save().folder() != null || config.recent().folder() != null) {
      LOG.warn("with a key log in use, whoever has it can read the TLS in saved packets");
    }
    return source.live()
        ? KeyLog.follow(paths)
        : KeyLog.read(paths, source instanceof CaptureFileSource files ? files.files() : List.of());
  }

  /** How the connections of an input are read with a key log, which may be null. */
  static Decryption decryption(CaptureConfig config, KeyLog keyLog) {
    return keyLog == null
        ? Decryption.off()
        : new Decryption(keyLog.keys(), config.get(CaptureConfig.KEY_WAIT).toNanos() / 1000);
  }

  /** The endpoints that the settings tell of: Kafka's bootstrap servers, a registry, health, and what else is named. */
  static OwnTraffic ownTraffic(CaptureConfig config) {
    var endpoints = new ArrayList<String>(config.get(CaptureConfig.OWN_ENDPOINTS));
    endpoints.addAll(ConfigKey.list(config.get(CaptureConfig.KAFKA)));
    String health = config.get(CaptureConfig.HEALTH_BIND);
    if (health != null && !health.equals("off")) {
      endpoints.add(health);
    }
    String registry = config.get(CaptureConfig.SCHEMA_REGISTRY);
    if (registry != null && !registry.isEmpty()) {
      endpoints.add(hostAndPort(registry));
    }
    return OwnTraffic.of(endpoints);
  }

  /** Of a URL without a port, that of its scheme; of what is no URL, itself: whoever uses it tells of that. */
  private static String hostAndPort(String url) {
    try {
      URI uri = URI.create(url);
      int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
      return uri.getHost() + ":" + port;
    } catch (IllegalArgumentException e) {
      return url;
    }
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
