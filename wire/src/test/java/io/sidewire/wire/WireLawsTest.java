package io.sidewire.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The law of this module (see package-info): bytes and packet time in, observations out. */
@AnalyzeClasses(packages = "io.sidewire.wire", importOptions = ImportOption.DoNotIncludeTests.class)
class WireLawsTest {

  @ArchTest
  static final ArchRule noFilesNetworkThreadsOrLoggers = noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "java.net..",
          "java.nio.file..",
          "java.nio.channels..",
          "java.util.concurrent..",
          "java.util.logging..",
          "org.slf4j..",
          "java.lang.management..");

  @ArchTest
  static final ArchRule noClock = noClasses()
      .should()
      .callMethod(System.class, "currentTimeMillis")
      .orShould()
      .callMethod(System.class, "nanoTime")
      .orShould()
      .dependOnClassesThat()
      .haveFullyQualifiedName("java.time.Clock")
      .orShould()
      .dependOnClassesThat()
      .haveFullyQualifiedName("java.lang.Thread");

  @ArchTest
  static final ArchRule noOutput = noClasses()
      .should()
      .accessField(System.class, "out")
      .orShould()
      .accessField(System.class, "err");

  @ArchTest
  static final ArchRule onlyTheJdkJacksonAndHpack = noClasses()
      .should()
      .dependOnClassesThat()
      .resideOutsideOfPackages(
          "io.sidewire.wire..",
          "java..",
          "javax.crypto..",
          "com.fasterxml.jackson.core..",
          "org.apache.hc.core5.http2.hpack..",
          "org.apache.hc.core5.http");
}
