/** Requests to model APIs and what their answers say of themselves: model, tokens, finish reason, tool calls, errors. */
package io.sidewire.wire.llm;
