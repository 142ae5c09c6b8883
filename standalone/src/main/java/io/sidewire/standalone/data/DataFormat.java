package io.sidewire.standalone.data;

import io.sidewire.schemas.SchemaHistory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * What a version of Sidewire can read in a data folder: {@code LAYOUT.SCHEMAS.KAFKA}, none of which ever goes down.
 *
 * @param layout of folders, stores and keys; one more by hand with a change that an earlier version could not read
 * @param schemas versions of all records in the history: values name theirs, and one that is not known cannot be read
 * @param kafka the feature level of the broker's own metadata
 */
record DataFormat(int layout, int schemas, int kafka) {
  /** Of the versions that wrote no mark, or the layout alone. */
  static final String FIRST = "1";

  private static final int LAYOUT = 1;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,8})(?:\\.(\\d{1,8})\\.(\\d{1,8}))?");

  /** That of this version. */
  static DataFormat today() {
    return new DataFormat(
        LAYOUT, SchemaHistory.released(), MetadataVersion.latestProduction().featureLevel());
  }

  /** True where all that data of this format may hold is known here; what is no format is not. */
  boolean reads(String format) {
    Matcher parts = TEXT.matcher(format);
    return parts.matches()
        && number(parts.group(1)) <= layout
        && number(parts.group(2)) <= schemas
        && number(parts.group(3)) <= kafka;
  }

  private static int number(String text) {
    return text == null ? 0 : Integer.parseInt(text);
  }

  @Override
  public String toString() {
    return layout + "." + schemas + "." + kafka;
  }
}
