package io.sidewire.processor.fold;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Step;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which calls to a model endpoint are steps of an interaction: those that ask a model to generate.
 *
 * <p>Embeddings generate nothing. Where an exchange is encrypted, an answer in one piece that is longer than any model
 * writes in its time is none either, nor is one that is too short to hold a generated text (decision 115). A call read
 * with a key log on a connection that nothing names is none, as it is none without the key log (decision 116). An attempt
 * that broke at the server and that the client's library repeats (it says so in the repeat) is no step of its own: it
 * counts among the errors, with its bytes and its time.
 */
final class ModelCalls {

  /** Head and JSON around a generated text, content filters included. Measured: 0.6 to 1.5 KB, Azure's up to 3 KB. */
  private static final long ENVELOPE = 4096;

  /** Bytes of answer in a second of generation, at most: 2000 tokens of 8 bytes; the fastest services reach that. */
  private static final long FASTEST = 16_000;

  /**
   * Bytes of an answer over HTTP/1.1 below which a hosted service generated nothing: 350 of JSON around one word (id,
   * object, created, model, choices, finish reason, usage) and 400 of head (status, type, length, date, request id, rate
   * limits, transport security). The services of {@link #HOSTED} send more of both; an error of theirs may be longer too.
   */
  private static final long SHORTEST = 750;

  private static final Set<String> HOSTED = Set.of("azure_openai", "openai", "anthropic");

  /** HTTP/1.1 for sure, by the confidence of its inference: HTTP/2 may code the whole head in a few bytes. */
  private static final float SURELY_HTTP_1 = 0.97f;

  /**
   * What an attempt may end with that a library repeats on its own: the server failed, whatever its provider calls it. A
   * refusal for the rate (429) is an answer.
   */
  private static final Set<String> BROKEN = Set.of(
      "5xx",
      "reset",
      "timeout",
      "server_error",
      "internal_server_error",
      "internal_error",
      "service_unavailable",
      "engine_overloaded",
      "api_error",
      "overloaded_error",
      "timeout_error",
      "INTERNAL",
      "UNAVAILABLE",
      "DEADLINE_EXCEEDED",
      "InternalServerException",
      "ServiceUnavailableException",
      "ModelNotReadyException",
      "ModelTimeoutException");

  /** The type that the built-in rules give by content, after every name and address. */
  private static final String CONTENT_ALONE = "openai_compatible";

  /** An authority that is an IP literal (RFC 3986, section 3.2.2), with or without a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[^]]*]|\\d{1,3}(\\.\\d{1,3}){3})(:\\d*)?");

  private ModelCalls() {}

  static boolean generates(Exchange row) {
    if ("embeddings".equals(row.getOperation()) || isEmbeddingsApi(row.getOperation())) {
      return false;
    }
    return switch (row.getEvidence()) {
      case INFERRED -> !(tooMuchInItsTime(row) || tooShort(row));
      case DECRYPTED -> !nameless(row);
      default -> true;
    };
  }

  /** True where the content alone tells the endpoint: no server name, no name in the request, no rule for its address. */
  private static boolean nameless(Exchange row) {
    return CONTENT_ALONE.equals(row.getFlowType())
        && row.getServerName() == null
        && (row.getAuthority() == null || ADDRESS.matcher(row.getAuthority()).matches());
  }

  private static boolean isEmbeddingsApi(String operation) {
    return operation != null && operation.endsWith("_embeddings");
  }

  private static boolean tooMuchInItsTime(Exchange row) {
    if (!answeredInOnePiece(row)) {
      return false;
    }
    long generated = row.getTtfbMicros() * FASTEST / 1_000_000;
    return row.getResponseBytes() > ENVELOPE + generated;
  }

  private static boolean tooShort(Exchange row) {
    return answeredInOnePiece(row)
        && row.getComplete()
        && row.getOutcome() == Outcome.ANSWERED
        && row.getResponseBytes() < SHORTEST
        && row.getConfidence() != null
        && row.getConfidence() > SURELY_HTTP_1
        && HOSTED.contains(row.getFlowType());
  }

  private static boolean answeredInOnePiece(Exchange row) {
    return Boolean.FALSE.equals(row.getStreamed())
        && !row.getAmbiguous()
        && !Rows.isOpen(row)
        && row.getResponseBytes() != null
        && row.getTtfbMicros() != null;
  }

  /**
   * The broken attempt that {@code row} repeats, taken out of the steps; null: it is none, or none is known.
   */
  static Step takeBrokenAttempt(Interaction interaction, Exchange row) {
    if (row.getRetryCount() == null || row.getRetryCount() == 0) {
      return null;
    }
    List<Step> steps = interaction.getSteps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.getError() != null && BROKEN.contains(step.getError()) && alike(step, row)) {
        return steps.remove(i);
      }
    }
    return null;
  }

  private static boolean alike(Step step, Exchange row) {
    return step.getFlowType().equals(row.getFlowType())
        && Objects.equals(step.getOperation(), row.getOperation());
  }
}
