package io.sidewire.standalone.demo;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;

/** An agent of the usual kind, made with OpenAI's and MCP's Java libraries: it asks the model, calls the tools that the
 * model asks for, and asks again. */
final class Agent implements AutoCloseable {
  private static final String DEPLOYMENT = "gpt-4o";

  private final OpenAIClient model;
  private final McpSyncClient streamable;
  private final McpSyncClient legacy;

  Agent(String azure, SelfSigned certificate, int streamablePort, int legacyPort) {
    model = OpenAIOkHttpClient.builder()
        .baseUrl(azure)
        .credential(AzureApiKeyCredential.create("demo"))
        .azureServiceVersion(AzureOpenAIServiceVersion.fromString("2024-10-21"))
        .sslSocketFactory(certificate.context().getSocketFactory())
        .trustManager(certificate.trust())
        .maxRetries(0)
        .build();
    streamable = McpClient.sync(
            HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + streamablePort)
                .endpoint("/mcp")
                .build())
        .clientInfo(McpSchema.Implementation.builder("sidewire-demo-agent", "1").build())
        .build();
    legacy = McpClient.sync(HttpClientSseClientTransport.builder("http://127.0.0.1:" + legacyPort)
            .sseEndpoint("/sse")
            .build())
        .clientInfo(McpSchema.Implementation.builder("sidewire-demo-agent", "1").build())
        .build();
  }

  /** Sessions are opened and the tools listed. */
  void begin() {
    streamable.initialize();
    streamable.listTools();
    legacy.initialize();
    legacy.listTools();
  }

  /** One run: three calls of the model, with a tool after each of the first two. */
  void turn(boolean failing) {
    ask("get_weather", streamable);
    ask(failing ? "send_mail" : "search_docs", legacy);
    tool("store_memory", streamable);
    summarise();
  }

  /** Asks the model, which wants {@code tool}; calls it; gives the model the result. */
  private void ask(String tool, McpSyncClient server) {
    var params = params(tool);
    ChatCompletionMessage wants =
        model.chat().completions().create(params.build()).choices().get(0).message();
    tool(tool, server);
    params.addMessage(wants);
    params.addMessage(ChatCompletionToolMessageParam.builder()
        .toolCallId("call_1")
        .content("Done: " + tool)
        .build());
    model.chat().completions().create(params.build());
  }

  private static void tool(String tool, McpSyncClient server) {
    server.callTool(McpSchema.CallToolRequest.builder(tool)
        .arguments(Map.of("text", "a note"))
        .build());
  }

  private void summarise() {
    try (var stream =
        model.chat().completions().createStreaming(params("a summary").build())) {
      stream.stream().forEach(chunk -> {});
    }
  }

  private static ChatCompletionCreateParams.Builder params(String ask) {
    var function = FunctionDefinition.builder()
        .name("get_weather")
        .parameters(FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .build())
        .build();
    return ChatCompletionCreateParams.builder()
        .model(DEPLOYMENT)
        .addSystemMessage("You are a helpful agent. ".repeat(20))
        .addUserMessage(ask)
        .addFunctionTool(function);
  }

  @Override
  public void close() {
    for (McpSyncClient client : List.of(streamable, legacy)) {
      client.close();
    }
    model.close();
  }
}
