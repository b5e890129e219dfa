namespace Quincunx.Runs.Programs;

/// <summary>What a process did in place of answering.</summary>
/// <param name="What">End of the sentence "the program …".</param>
/// <param name="TimedOut">It took longer than it may.</param>
/// <param name="Fresh">It had done nothing else since its start.</param>
/// <param name="Errors">The end of what it wrote on its standard error since its start.</param>
internal sealed record ProgramFault(string What, bool TimedOut, bool Fresh, string Errors);
