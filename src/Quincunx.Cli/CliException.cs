namespace Quincunx.Cli;

/// <summary>The command line asks for what cannot be done. The message is for the user; the exit code is <see cref="ExitCode.BadInput"/>.</summary>
internal sealed class CliException(string message) : Exception(message);
