namespace Quincunx.Runs.Execution.Slurm;

/// <summary>A job array that was submitted, or was to be when the process was killed.</summary>
/// <param name="Name">Name of the job; no other submission has it.</param>
/// <param name="Job">Number that Slurm gave; 0 while it is not known.</param>
/// <param name="Shards">What task i + 1 makes.</param>
internal sealed record SlurmSubmission(string Name, long Job, IReadOnlyList<int> Shards);
