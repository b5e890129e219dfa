using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Campaigns;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution;

public sealed class ThreadsEngineTests
{
    private static readonly LineStudy Study = new() { Simulations = 700 };

    [Fact]
    public void Make_WithAClockThatJumps_MakesTheSame()
    {
        using ScratchFolder folder = new(), other = new();
        Assert.Equal(Simulate(folder, Study, TimeProvider.System), Simulate(other, Study, new JumpingClock()));
    }

    [Fact]
    public void Make_OfTheRest_MakesTheSame()
    {
        using ScratchFolder folder = new(), other = new();
        string expected = Simulate(folder, Study, TimeProvider.System);
        SimulationSet all = StoreContents.Simulations(folder["run"]);
        Simulate(other, Study, TimeProvider.System, store =>
        {
            foreach ((int from, int to) in new[] { (40, 60), (100, 300), (650, 700) })
            {
                store.Add(SimulationSet.FromArrays(2, 3, from, all.Theta[(2 * from)..(2 * to)], all.X[(3 * from)..(3 * to)]));
            }

            store.Commit();
        });
        Assert.Equal(expected, StoreContents.Of(other["run/simulations.db"]));
    }

    // Failures alone may be the machine's fault, and a study that fails is tried anew: nothing of them is kept.
    [Fact]
    public void Make_WhereTheFirstEventsAllFail_StopsAndKeepsNothing()
    {
        using var folder = new ScratchFolder();
        RunException e = Assert.Throws<RunException>(() => Simulate(folder, Study with { Fails = "always", Simulations = 5000 }, TimeProvider.System));
        Assert.StartsWith("Simulator 'line': all of the first 100 simulations failed. Expected finite outputs; found InvalidOperationException: the line is broken at start = ", e.Message, StringComparison.Ordinal);
        Assert.Equal(0L, Assert.Single(StoreContents.Rows(folder["run/simulations.db"], "SELECT count(*) FROM blocks"))[0]);
    }

    // An event that takes long does not keep the one before it from the disk.
    [Fact]
    public void Make_WhileAnEventTakesLong_CommitsThoseThatAreDone()
    {
        using var folder = new ScratchFolder();
        string store = folder["run/simulations.db"];
        Study study = Study.Load(folder) with { Inference = Study.Load(folder).Inference with { Simulations = 10 } };
        var patient = new Patient(study.Simulator, () => File.Exists(store) && StoreContents.Rows(store, "SELECT total(rows) FROM blocks")[0][0] is > 0.0);
        Run(folder, study with { Simulator = patient }, TimeProvider.System, betweenCommits: TimeSpan.FromMilliseconds(10));
        Assert.True(patient.SawCommit);
    }

    private static string Simulate(ScratchFolder folder, LineStudy study, TimeProvider clock, Action<SimulationStore>? before = null)
    {
        Run(folder, study.Load(folder), clock, before);
        return StoreContents.Of(folder["run/simulations.db"]);
    }

    private static void Run(ScratchFolder folder, Study study, TimeProvider clock, Action<SimulationStore>? before = null, TimeSpan? betweenCommits = null)
    {
        var stage = new SimulateStage(new StudyModel(study, clock), 1, new Before(before, betweenCommits));
        using var run = RunFolder.Open(folder["run"], study, TimeProvider.System);
        new StageEngine(run, [stage]).Run(null, CancellationToken.None);
    }

    private sealed class Before(Action<SimulationStore>? before, TimeSpan? betweenCommits) : IEngine
    {
        public void Make(CampaignWork work, CancellationToken cancel)
        {
            before?.Invoke(work.Store);
            new ThreadsEngine(betweenCommits).Make(work, cancel);
        }
    }

    // The first event is done at once; the others wait for it to be on the disk, and a minute at most.
    private sealed class Patient(ISimulator inner, Func<bool> isCommitted) : ISimulator
    {
        private int _calls;

        public bool SawCommit { get; private set; }

        public IReadOnlyList<string> ParameterNames => inner.ParameterNames;

        public IReadOnlyList<string> OutputNames => inner.OutputNames;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            if (Interlocked.Increment(ref _calls) > 1)
            {
                SpinWait.SpinUntil(() => SawCommit || isCommitted(), TimeSpan.FromMinutes(1));
                SawCommit |= isCommitted();
            }

            inner.Simulate(theta, x, rng);
        }
    }

    private sealed class JumpingClock : TimeProvider
    {
        private long _calls;

        public override long GetTimestamp() => (long)(new Rng(1).Split(Interlocked.Increment(ref _calls)).NextDouble() * 1e15);
    }
}
