using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Programs;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Runs.Benchmarks;

public sealed class ProgramBenchTests
{
    [PythonFact]
    public void Run_OnTheProgramOfTheBenchmark_GivesSharesOfItsTime()
    {
        var bench = new ProgramBench(Path.Combine(RepositoryRoot.Path, "bench", "programs"), TimeProvider.System);

        ProgramBenchRow row = bench.Run("1 ms", [Tool.Python, "trivial.py"], ProgramMode.Npy, processes: 2, milliseconds: 1, simulations: 50, CancellationToken.None);

        Assert.Equal((50, 0, 2, "npy"), (row.Simulations, row.Failed, row.Processes, row.Mode));
        Assert.InRange(row.Busy, 0.001, 1);
        Assert.InRange(row.Processor!.Value, 0.001, 1.02);          // the processor's clock ticks in steps of its own
    }
}
