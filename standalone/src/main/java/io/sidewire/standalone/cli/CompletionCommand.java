package io.sidewire.standalone.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script for bash and zsh. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh: source <(sidewire completion)")
public final class CompletionCommand extends AutoComplete.GenerateCompletion {}
