namespace Quincunx.Runs.Benchmarks;

/// <summary>What a run of a program took.</summary>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="OverheadMicroseconds">Time of a process for each simulation that was not spent in the simulator.</param>
/// <param name="Busy">Share of the processes' time that was spent in the simulator, by its own clock.</param>
/// <param name="Processor">Share of the processors' time that the simulator computed, which is less where other processes want them too; null where it computes next to nothing.</param>
internal sealed record ProgramBenchRow(string Name, string Mode, int Processes, int Simulations, int Failed, double Seconds, double OverheadMicroseconds, double Busy, double? Processor);
