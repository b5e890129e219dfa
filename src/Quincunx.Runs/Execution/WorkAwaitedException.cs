namespace Quincunx.Runs.Execution;

/// <summary>The run stops here until simulations that are made elsewhere are there; the message says what to do. The stage is interrupted, not failed.</summary>
internal sealed class WorkAwaitedException(string message) : OperationCanceledException(message);
