package io.sidewire.wire.json;

import io.sidewire.wire.Excerpt;
import java.util.Set;

/** The texts of one JSON object that an {@link Excerpt} may begin with. Used again. */
public final class Excerpted {
  /** What stands at a place of a shape that looks for texts. */
  enum Place {
    /** An object with a role and a content, in a request. */
    MESSAGE,
    ROLE,
    /** Content of a message that is one text. */
    CONTENT,
    /** A part of a message's content: an object with a type and a text. */
    MESSAGE_PART,
    /** The same of an answer. */
    ANSWER_PART,
    PART_TYPE,
    PART_TEXT,
    /** True where the part is reasoning. */
    PART_THOUGHT,
    /** A prompt that stands alone. */
    PROMPT,
    /** What the model says. */
    ANSWER
  }

  /** One more than is shown, whatever the last character is, so that a longer text is known by its length. */
  static final int WANTED = Excerpt.MOST_BYTES + 4;

  private static final Set<String> SPOKEN = Set.of("text", "input_text", "output_text");

  private final Beginning prompt = new Beginning();
  private final Beginning content = new Beginning();
  private final Beginning part = new Beginning();
  private final Beginning answer = new Beginning();
  private String role;
  private String type;
  private boolean thought;

  void clear() {
    prompt.clear();
    answer.clear();
    beginMessage();
    beginPart();
  }

  void begin(Place place) {
    if (place == Place.MESSAGE) {
      beginMessage();
    } else if (place == Place.MESSAGE_PART || place == Place.ANSWER_PART) {
      beginPart();
    }
  }

  private void beginMessage() {
    role = null;
    content.clear();
  }

  private void beginPart() {
    type = null;
    thought = false;
    part.clear();
  }

  /** An object is over, and with it what says whose text it is. */
  void end(Place place) {
    if (place == Place.MESSAGE) {
      if ((role == null || role.equals("user")) && !content.isEmpty()) {
        prompt.become(content);
      }
      beginMessage();
    } else if (place == Place.MESSAGE_PART || place == Place.ANSWER_PART) {
      if (!thought && (type == null || SPOKEN.contains(type))) {
        (place == Place.MESSAGE_PART ? content : answer).add(part);
      }
      beginPart();
    }
  }

  /** Takes a text value, of which {@link #WANTED} bytes were asked for. */
  void text(Place place, byte[] bytes, int length) {
    switch (place) {
      case ROLE -> role = JsonDocument.decode(bytes, length);
      case PART_TYPE -> type = JsonDocument.decode(bytes, length);
      case CONTENT -> content.add(bytes, length);
      case PART_TEXT -> part.add(bytes, length);
      case PROMPT -> prompt.add(bytes, length);
      case ANSWER -> answer.add(bytes, length);
      default -> {
        // An object or a truth, and no text.
      }
    }
  }

  void bool(Place place, boolean value) {
    thought |= place == Place.PART_THOUGHT && value;
  }

  /** What the user said last; empty: nothing. */
  public Beginning prompt() {
    return prompt;
  }

  /** What the model says; empty: nothing. */
  public Beginning answer() {
    return answer;
  }
}
