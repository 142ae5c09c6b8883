package io.sidewire.schemas;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;

/** The feature level of a Kafka cluster that says how its brokers guard transactions ({@code transaction.version}). */
public final class TransactionVersion {
  /** The feature's name. */
  public static final String FEATURE = "transaction.version";

  /** The level at which a broker refuses what a process sends that was fenced: docs/decisions/0066. */
  public static final short RECOMMENDED = 1;

  private static final long TIMEOUT_SECONDS = 30;

  private TransactionVersion() {}

  /**
   * The level in force.
   *
   * @return 0 where the cluster has none
   * @throws IllegalStateException where the broker cannot be reached or refuses, with its reason
   */
  public static short of(Admin admin) throws InterruptedException {
    try {
      var found = admin
          .describeFeatures()
          .featureMetadata()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .finalizedFeatures()
          .get(FEATURE);
      return found == null ? 0 : found.maxVersionLevel();
    } catch (ExecutionException e) {
      throw failed(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw failed("the broker did not answer within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  /**
   * Lowers the level of the whole cluster where it is higher; all its users are concerned.
   *
   * @param level 0 to 2
   * @return true where it was lowered
   * @throws IllegalStateException where the broker cannot be reached or refuses, with its reason
   */
  public static boolean atMost(Admin admin, short level) throws InterruptedException {
    if (of(admin) <= level) {
      return false;
    }
    try {
      var update = new FeatureUpdate(level, UpgradeType.SAFE_DOWNGRADE);
      admin
          .updateFeatures(Map.of(FEATURE, update), new UpdateFeaturesOptions())
          .all()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      throw failed(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw failed("the broker did not answer within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  private static IllegalStateException failed(String why, Exception cause) {
    return new IllegalStateException(FEATURE + " not read or set: " + why, cause);
  }
}
