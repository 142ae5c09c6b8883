package io.sidewire.wire.llm;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The error codes that providers document: no other text of an error leaves this class. */
public final class LlmErrors {

  /** Stands for an error whose code is not known. */
  static final String OTHER = "other";

  private static final Map<String, String> KNOWN = List.of(
          // OpenAI and Azure OpenAI: error.code and error.type
          "invalid_request_error",
          "invalid_api_key",
          "invalid_prompt",
          "authentication_error",
          "permission_error",
          "permission_denied",
          "insufficient_quota",
          "rate_limit_exceeded",
          "rate_limit_error",
          "tokens",
          "requests",
          "context_length_exceeded",
          "model_not_found",
          "content_filter",
          "content_policy_violation",
          "server_error",
          "internal_server_error",
          "internal_error",
          "service_unavailable",
          "engine_overloaded",
          "unsupported_parameter",
          "unsupported_value",
          "missing_required_parameter",
          "string_above_max_length",
          "timeout",
          "vector_store_timeout",
          "DeploymentNotFound",
          "ResponsibleAIPolicyViolation",
          "Unauthorized",
          "AuthenticationFailed",
          "TooManyRequests",
          "OperationNotSupported",
          "NoCapacity",
          "BadRequest",
          // Anthropic: error.type
          "billing_error",
          "not_found_error",
          "request_too_large",
          "timeout_error",
          "api_error",
          "overloaded_error",
          // Google: error.status
          "INVALID_ARGUMENT",
          "FAILED_PRECONDITION",
          "OUT_OF_RANGE",
          "UNAUTHENTICATED",
          "NOT_FOUND",
          "ABORTED",
          "ALREADY_EXISTS",
          "RESOURCE_EXHAUSTED",
          "CANCELLED",
          "DATA_LOSS",
          "UNKNOWN",
          "INTERNAL",
          "UNIMPLEMENTED",
          "UNAVAILABLE",
          "DEADLINE_EXCEEDED",
          // Amazon Bedrock: exceptions, on the wire with either case of their first letter
          "ThrottlingException",
          "ValidationException",
          "AccessDeniedException",
          "ResourceNotFoundException",
          "InternalServerException",
          "ServiceUnavailableException",
          "ServiceQuotaExceededException",
          "ModelErrorException",
          "ModelTimeoutException",
          "ModelNotReadyException",
          "ModelStreamErrorException",
          "ConflictException",
          "UnrecognizedClientException",
          "ExpiredTokenException")
      .stream()
      .collect(Collectors.toMap(code -> code.toLowerCase(Locale.ROOT), Function.identity()));

  private LlmErrors() {}

  /** The first of the values that is a documented code, else the first HTTP status; {@link #OTHER} where none is. */
  static String classify(Object... values) {
    String status = OTHER;
    for (Object value : values) {
      String code = value == null ? "" : bare(value.toString());
      String known = KNOWN.get(code.toLowerCase(Locale.ROOT));
      if (known != null) {
        return known;
      }
      if (status.equals(OTHER) && code.matches("[45]\\d\\d")) {
        status = code;
      }
    }
    return status;
  }

  /** True where {@link #classify} knows the text: a documented code, or an HTTP status. */
  public static boolean isKnown(String value) {
    return KNOWN.containsKey(bare(value).toLowerCase(Locale.ROOT)) || value.matches("[45]\\d\\d");
  }

  /** Without what Amazon puts behind a colon: ThrottlingException:http://… */
  private static String bare(String code) {
    int colon = code.indexOf(':');
    return colon < 0 ? code : code.substring(0, colon);
  }
}
