package io.sidewire.wire.llm;

import java.nio.charset.StandardCharsets;

/**
 * The model API that a path belongs to, and what the path says besides.
 *
 * @param model deployment or model named in the path; null where it names none
 * @param stream the path asks for a stream
 */
public record LlmPath(LlmApi api, String model, boolean stream) {

  /** The API by the end of the path, whatever prefix a gateway puts before it; null: none that is known. */
  public static LlmPath of(String path) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    int slash = trimmed.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    String last = trimmed.substring(slash + 1);
    String parent = segmentBefore(trimmed, slash);
    return switch (last) {
      case "chat" -> parent.equals("api") ? plain(LlmApi.OLLAMA_CHAT) : null;
      case "generate" -> parent.equals("api") ? plain(LlmApi.OLLAMA_GENERATE) : null;
      case "embed" -> parent.equals("api") ? plain(LlmApi.OLLAMA_EMBEDDINGS) : null;
      case "embeddings" ->
        parent.equals("api")
            ? plain(LlmApi.OLLAMA_EMBEDDINGS)
            : deployed(LlmApi.EMBEDDINGS, trimmed);
      case "completions" ->
        deployed(parent.equals("chat") ? LlmApi.CHAT_COMPLETIONS : LlmApi.COMPLETIONS, trimmed);
      case "responses" -> deployed(LlmApi.RESPONSES, trimmed);
      case "messages" -> plain(LlmApi.MESSAGES);
      case "converse" -> bedrock(LlmApi.CONVERSE, trimmed, slash, false);
      case "converse-stream" -> bedrock(LlmApi.CONVERSE, trimmed, slash, true);
      case "invoke" -> bedrock(LlmApi.INVOKE, trimmed, slash, false);
      case "invoke-with-response-stream" -> bedrock(LlmApi.INVOKE, trimmed, slash, true);
      default -> google(last, parent);
    };
  }

  private static LlmPath plain(LlmApi api) {
    return new LlmPath(api, null, false);
  }

  /** Azure names the deployment: {@code …/deployments/NAME/chat/completions}. */
  private static LlmPath deployed(LlmApi api, String path) {
    int mark = path.lastIndexOf("/deployments/");
    if (mark < 0) {
      return plain(api);
    }
    int start = mark + "/deployments/".length();
    int end = path.indexOf('/', start);
    return new LlmPath(api, end < 0 ? null : decoded(path.substring(start, end)), false);
  }

  /** {@code /model/ID/converse}. */
  private static LlmPath bedrock(LlmApi api, String path, int slash, boolean stream) {
    String model = segmentBefore(path, slash);
    int before = slash - model.length() - 1;
    boolean named = before > 0 && segmentBefore(path, before).equals("model");
    return named ? new LlmPath(api, decoded(model), stream) : null;
  }

  /** {@code …/models/NAME:generateContent}, and the models of others on the same platform. */
  private static LlmPath google(String last, String parent) {
    int colon = last.lastIndexOf(':');
    if (colon <= 0 || !parent.equals("models") && !parent.equals("tunedModels")) {
      return null;
    }
    String model = decoded(last.substring(0, colon));
    return switch (last.substring(colon + 1)) {
      case "generateContent" -> new LlmPath(LlmApi.GENERATE_CONTENT, model, false);
      case "streamGenerateContent" -> new LlmPath(LlmApi.GENERATE_CONTENT, model, true);
      case "embedContent", "batchEmbedContents" ->
        new LlmPath(LlmApi.GOOGLE_EMBEDDINGS, model, false);
      case "rawPredict" -> new LlmPath(LlmApi.MESSAGES, model, false);
      case "streamRawPredict" -> new LlmPath(LlmApi.MESSAGES, model, true);
      default -> null;
    };
  }

  private static String segmentBefore(String path, int slash) {
    return path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
  }

  /** Percent-decodes a segment; what is no escape stays. */
  private static String decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    byte[] in = segment.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < in.length; i++, length++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low >= 0) {
        in[length] = (byte) (high << 4 | low);
        i += 2;
      } else {
        in[length] = in[i];
      }
    }
    return new String(in, 0, length, StandardCharsets.UTF_8);
  }
}
