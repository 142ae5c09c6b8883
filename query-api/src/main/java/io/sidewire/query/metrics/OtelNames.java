package io.sidewire.query.metrics;

import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * OpenTelemetry's names, buckets and values: the one place to change when the conventions do, which are in development
 * (gen-ai and mcp conventions as of {@link #SCHEMA}).
 */
final class OtelNames {
  static final String SCHEMA = "semantic-conventions-genai, 2026-11";

  static final String GEN_AI_DURATION = "gen_ai.client.operation.duration";
  static final String GEN_AI_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
  static final String GEN_AI_TOKENS = "gen_ai.client.token.usage";
  static final String MCP_DURATION = "mcp.client.operation.duration";
  static final String HTTP_DURATION = "http.client.request.duration";

  static final Duration[] GEN_AI_BUCKETS = seconds(
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
  static final Duration[] MCP_BUCKETS =
      seconds(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300);
  static final Duration[] HTTP_BUCKETS =
      seconds(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);
  static final double[] TOKEN_BUCKETS =
      DoubleStream.iterate(1, last -> last * 4).limit(14).toArray();

  private static final Map<String, String> PROVIDERS = Map.of(
      "azure_openai", "azure.ai.openai",
      "aws_bedrock", "aws.bedrock",
      "google_ai", "gcp.gemini",
      "mistral", "mistral_ai",
      "xai", "x_ai");

  /** Values of {@code gen_ai.operation.name}, which exchanges of models have as their operation. */
  private static final Set<String> OPERATIONS =
      Set.of("chat", "text_completion", "embeddings", "generate_content");

  private OtelNames() {}

  /** {@code gen_ai.provider.name} of a flow type. */
  static String provider(String flowType) {
    return PROVIDERS.getOrDefault(flowType, flowType);
  }

  /** {@code gen_ai.operation.name} of an exchange; null where it is no call to a model, or was not read. */
  static String genAiOperation(Exchange exchange) {
    String operation = exchange.getOperation();
    return wasRead(exchange) && operation != null && OPERATIONS.contains(operation)
        ? operation
        : null;
  }

  /** False for what was concluded from sizes and times alone. */
  static boolean wasRead(Exchange exchange) {
    return exchange.getEvidence() == Evidence.DECODED
        || exchange.getEvidence() == Evidence.DECRYPTED;
  }

  private static Duration[] seconds(double... values) {
    return DoubleStream.of(values)
        .mapToObj(value -> Duration.ofMillis(Math.round(value * 1_000)))
        .toArray(Duration[]::new);
  }
}
