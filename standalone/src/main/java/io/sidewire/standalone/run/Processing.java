package io.sidewire.standalone.run;

import io.sidewire.schemas.Topics;
import io.sidewire.standalone.data.DataFolder;
import java.nio.file.Path;
import java.util.Optional;

final class Processing implements AutoCloseable {
  static Processing start(Backbone backbone, DataFolder data, Topics topics, Optional<Path> rules) {
    return new Processing();
  }

  @Override
  public void close() {}
}
