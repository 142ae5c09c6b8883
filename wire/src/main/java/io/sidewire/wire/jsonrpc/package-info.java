/** JSON-RPC 2.0 messages and what of them is the Model Context Protocol. */
package io.sidewire.wire.jsonrpc;
