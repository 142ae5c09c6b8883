package io.sidewire.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Words of prompts and answers have one way, from the reader of bodies to the live view, and no class beside it knows them. */
@AnalyzeClasses(packages = "io.sidewire", importOptions = ImportOption.DoNotIncludeTests.class)
class PreviewLawsTest {
  private static final String WORDS =
      "io\\.sidewire\\.(wire\\.Excerpt|wire\\.ExcerptSink|wire\\.flow\\.ExcerptListener|capture\\.PreviewSink"
          + "|standalone\\.view\\.Previews)(\\$.*)?";

  /** Readers of bodies, those who hand the listener on, the cleaner's caller, the live view and the command that asks. */
  private static final String MAY_KNOW =
      "io\\.sidewire\\.(wire\\.json\\.(Beginning|Excerpted)|wire\\.http\\.(FlowMemory|RequestContent|AnswerContent)"
          + "|wire\\.flow\\.(WireAnalyzer|FlowContext|Flow|FlowAnalyzer)|capture\\.(CapturePipeline|PipelineParts)"
          + "|standalone\\.run\\.(LiveCapture|Station)|standalone\\.view\\.(LiveView|LiveLines)"
          + "|standalone\\.cli\\.UpCommand)(\\$.*)?";

  @ArchTest
  static final ArchRule oneWay = noClasses()
      .that()
      .haveNameNotMatching(WORDS)
      .and()
      .haveNameNotMatching(MAY_KNOW)
      .should()
      .dependOnClassesThat()
      .haveNameMatching(WORDS);
}
