package io.sidewire.query.access;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The setting that turns OpenID Connect off where no issuer is named: Quarkus would not start.
 *
 * <p>It is said where one is named, too: what is found while the application is built holds until something else is said.
 */
public final class IssuerSwitch implements ConfigSourceFactory {
  private static final int BELOW_ALL_OTHERS = 0;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfigValue issuer = context.getValue(Issuer.URL);
    boolean named =
        issuer != null && issuer.getValue() != null && !issuer.getValue().isBlank();
    return List.of(new PropertiesConfigSource(
        Map.of("quarkus.oidc.tenant-enabled", Boolean.toString(named)),
        "whether an issuer is named",
        BELOW_ALL_OTHERS));
  }
}
