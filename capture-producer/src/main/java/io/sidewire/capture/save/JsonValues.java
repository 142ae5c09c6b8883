package io.sidewire.capture.save;

import io.sidewire.capture.redact.Sanitizer;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.llm.LlmErrors;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Which texts and numbers of JSON may be saved as they are: those whose place is known and whose form fits it. */
final class JsonValues {
  /** Member names that say nothing but what every reader of the API's documentation knows. */
  private static final Set<String> WORDS = Set.of(
      ("arguments,params,result,capabilities,tools,prompts,resources,content,text,type,role,index,"
              + "messages,temperature,max_tokens,stream_options,include_usage,tool_choice,created,"
              + "system_fingerprint,logprobs,delta,total_tokens,inputSchema,description,title,"
              + "structuredContent,nextCursor,cursor,progressToken,_meta,message,data,code,param,"
              + "clientInfo,serverInfo,name,version,instructions,top_p,n,stop,seed,user,format,"
              + "options,total_duration,load_duration,prompt_eval_duration,eval_duration,context,"
              + "system,prompt,input,level,logger,uri,reason,requestId,listChanged,subscribe")
          .split(","));

  private static final Set<Field> TEXTS = EnumSet.of(
      Field.JSONRPC,
      Field.ID,
      Field.CANCELLED_ID,
      Field.METHOD,
      Field.PARAM_NAME,
      Field.PARAM_URI,
      Field.REF_NAME,
      Field.REF_URI,
      Field.PROTOCOL_VERSION,
      Field.PEER_NAME,
      Field.PEER_VERSION,
      Field.ERROR_CODE,
      Field.ERROR_TYPE,
      Field.ERROR_STATUS,
      Field.INNER_ERROR_CODE,
      Field.MODEL,
      Field.OBJECT,
      Field.TYPE,
      Field.ROLE,
      Field.FINISH_REASON,
      Field.STATUS,
      Field.INCOMPLETE_REASON,
      Field.TOOL_NAME,
      Field.TOOL_ID,
      Field.TOOL_TYPE);

  private static final Set<Field> COUNTS = EnumSet.of(
      Field.ID,
      Field.CANCELLED_ID,
      Field.ERROR_CODE,
      Field.ERROR_STATUS,
      Field.INNER_ERROR_CODE,
      Field.INPUT_TOKENS,
      Field.OUTPUT_TOKENS,
      Field.CACHED_TOKENS,
      Field.TOOL_INDEX,
      Field.TOOL_ID);

  private static final Pattern TYPE = Pattern.compile(
      "chat\\.completion(\\.chunk)?|text_completion|response(\\.[a-z_]{1,40}){0,4}|list|embedding|"
          + "model|message(_start|_delta|_stop)?|content_block(_start|_delta|_stop)?|error|ping|"
          + "function(_call)?|tool_use|custom(_tool_call)?|text|thinking|reasoning|refusal|"
          + "output_text|image_url|text_delta|input_json_delta|assistant|user|system|developer|tool");

  /** An id that is text and no longer needs not be known as one of a call. */
  private static final int SHORT_ID = 8;

  private static final Set<String> TARGETED =
      Set.of("tools/call", "prompts/get", "completion/complete");

  private final Pseudonyms pseudonyms;
  private String method;
  private boolean call; // the message said that it is JSON-RPC

  JsonValues(Pseudonyms pseudonyms) {
    this.pseudonyms = pseudonyms;
  }

  /** Another message begins. */
  void begin() {
    method = null;
    call = false;
  }

  static boolean mayKeep(Field field) {
    return field != null && TEXTS.contains(field);
  }

  static boolean isCount(Field field) {
    return field != null && COUNTS.contains(field);
  }

  static boolean isWord(String key) {
    return WORDS.contains(key);
  }

  /** @param raw the text between its quotes, escapes and all, a character a byte */
  String mask(Field field, String raw) {
    String meant = JsonText.unescaped(raw);
    if (field == Field.TOOL_ID) {
      return pseudonyms.of(raw, 0);
    }
    if (field == Field.METHOD) {
      method = meant;
    }
    if (meant != null && passes(field, meant)) {
      return raw;
    }
    boolean plain = meant != null && meant.length() == raw.length();
    return plain ? inPart(field, raw) : "x".repeat(raw.length());
  }

  private boolean passes(Field field, String text) {
    return switch (field) {
      case JSONRPC -> call = text.equals("2.0");
      case ID, CANCELLED_ID -> isCallId(text);
      case METHOD -> text.equals(Sanitizer.RPC_METHOD.clean(text));
      case PARAM_NAME, REF_NAME ->
        (method == null || TARGETED.contains(method))
            && text.equals(Sanitizer.NAME.clean(text))
            && text.equals(Sanitizer.RPC_TARGET.clean(text));
      case PEER_NAME, TOOL_NAME -> text.equals(Sanitizer.NAME.clean(text));
      case PEER_VERSION, PROTOCOL_VERSION -> text.equals(Sanitizer.VERSION.clean(text));
      case MODEL -> text.equals(Sanitizer.MODEL.clean(text));
      case ERROR_CODE, ERROR_TYPE, ERROR_STATUS, INNER_ERROR_CODE ->
        LlmErrors.isKnown(text) && text.matches("[A-Za-z0-9_]{1,40}");
      case FINISH_REASON, STATUS, INCOMPLETE_REASON ->
        text.equals(Sanitizer.FINISH_REASON.clean(text));
      case OBJECT, TYPE, ROLE, TOOL_TYPE -> TYPE.matcher(text).matches();
      default -> false;
    };
  }

  /**
   * Ids of JSON-RPC calls stay. Model APIs call their answers by an id in the same place; so a longer one stays where the
   * message said before that it is JSON-RPC, or another that did had it.
   */
  private boolean isCallId(String text) {
    if (!Sanitizer.RPC_ID.accepts(text) || text.charAt(0) == '~') {
      return false;
    }
    if (call) {
      pseudonyms.callId(text);
    }
    return text.length() <= SHORT_ID || pseudonyms.isCallId(text);
  }

  /** What stays of a text without escapes that may not stay as it is: as long, and its sanitizer's work. */
  private String inPart(Field field, String raw) {
    return switch (field) {
      case PARAM_URI, REF_URI -> FieldMask.rpcTarget(raw);
      case PARAM_NAME, REF_NAME ->
        method == null || TARGETED.contains(method)
            ? FieldMask.rpcTarget(raw)
            : "x".repeat(raw.length());
      case ID, CANCELLED_ID -> pseudonyms.of(raw, 0);
      case METHOD -> ascii(FieldMask.passed(Sanitizer.RPC_METHOD, raw));
      case PEER_VERSION, PROTOCOL_VERSION -> ascii(FieldMask.passed(Sanitizer.VERSION, raw));
      case MODEL -> model(raw);
      default -> "x".repeat(raw.length());
    };
  }

  /** Of an inference profile's ARN the name stays, the account does not. */
  private static String model(String raw) {
    int slash = raw.lastIndexOf('/');
    boolean profile = raw.startsWith("arn:") && slash > 0;
    String name = raw.substring(profile ? slash + 1 : 0);
    String shown = ascii(FieldMask.passed(Sanitizer.MODEL, name));
    return (profile ? "arn:" + "x".repeat(slash - 4) + "/" : "") + shown;
  }

  /** The text of single bytes may have been more than ASCII. */
  private static String ascii(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] < ' ' || bytes[i] == '"' || bytes[i] == '\\' ? (byte) 'x' : bytes[i];
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
