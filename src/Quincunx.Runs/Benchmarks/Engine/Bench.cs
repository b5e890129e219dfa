using System.Globalization;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What the rows of one section share: time, sizes, threads, and limits that are measured in the same rounds as the rows.</summary>
internal sealed class Bench(TimeProvider clock, Effort effort, CancellationToken cancel) : IDisposable
{
    private readonly Dictionary<string, Probe> _limits = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Team> _teams = [];
    private readonly List<IDisposable> _owned = [];

    public TimeProvider Clock => clock;

    public Effort Effort => effort;

    public CancellationToken Cancel => cancel;

    /// <summary>Cores the process may use.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>1, 2 and all cores, as far as there are so many.</summary>
    public static IEnumerable<int> ThreadCounts => new[] { 1, 2, Cores }.Where(t => t <= Cores).Distinct();

    /// <summary>Times calls on the thread that measures.</summary>
    public Probe Time(Func<Action> prepare, double slice = 1, bool wakes = false) => Probe.Of(clock, prepare, slice, wakes);

    /// <summary>Times calls on several threads at once.</summary>
    /// <param name="prepare">Makes the data, and returns one call of a thread.</param>
    public Probe TimeTogether(int threads, Func<Action<int>> prepare) => threads == 1
        ? Time(() =>
        {
            Action<int> call = prepare();
            return () => call(0);
        })
        : new Probe(() =>
        {
            Action<int> call = prepare();
            Team team = TeamOf(threads);
            return calls => team.Run(thread =>
            {
                for (int i = 0; i < calls; i++)
                {
                    call(thread);
                }
            });
        });

    /// <summary>Makes the data of the probes and runs each until the compiler should be done.</summary>
    public void WarmUp(IReadOnlyList<Probe> probes)
    {
        foreach (Probe probe in probes)
        {
            probe.WarmUp(clock, effort, cancel);
        }
    }

    /// <summary>Measures the probes in turn, round after round, and lets go of their data.</summary>
    public void Measure(IReadOnlyList<Probe> probes)
    {
        for (int round = 0; round < effort.Rounds; round++)
        {
            foreach (Probe probe in probes)
            {
                cancel.ThrowIfCancellationRequested();
                probe.Measure();
            }
        }

        foreach (Probe probe in probes)
        {
            probe.Release();
        }
    }

    /// <summary>The rate of multiply-adds in registers.</summary>
    public Quantity Peak<T>(int threads)
        where T : unmanaged
    {
        Probe probe = Limit($"peak {typeof(T).Name} {threads}", () => TimeTogether(threads, () => _ => PeakLoop.Run<T>()));
        return Quantity.Rate(probe, 1e-9 * threads * PeakLoop.Operations<T>());
    }

    /// <summary>The rate of bytes of a loop over vectors of float32, with the better of plain and streaming stores.</summary>
    /// <param name="elements">Of each vector.</param>
    public Quantity Bandwidth(BandwidthKind kind, int elements, int threads)
    {
        elements -= elements % BandwidthLoop.Granularity;
        double bytes = 1e-9 * sizeof(float) * VectorsOf(kind) * elements;
        return kind == BandwidthKind.Read ? Rate(false) : Quantity.Best(Rate(false), Rate(true));

        Quantity Rate(bool streaming) => Quantity.Rate(
            Limit($"{kind} {elements} {threads} {streaming}", () => TimeTogether(threads, () => BandwidthLoop.Create(kind, elements, threads, streaming))), bytes);
    }

    public Bound PeakBound<T>(int threads)
        where T : unmanaged
        => Bound.Measured(Peak<T>(threads), $"measured peak, {CoresText(threads)}");

    public Bound BandwidthBound(BandwidthKind kind, int elements, int threads) =>
        Bound.Measured(Bandwidth(kind, elements, threads), $"measured {Name(kind)}, {Count(elements)} floats");

    /// <summary>Keeps something until the section is done.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    public void Dispose()
    {
        foreach (IDisposable resource in _owned)
        {
            resource.Dispose();
        }

        foreach (Team team in _teams.Values)
        {
            team.Dispose();
        }
    }

    /// <summary>Vectors that a loop reads or writes.</summary>
    public static int VectorsOf(BandwidthKind kind) => kind switch { BandwidthKind.Read => 1, BandwidthKind.Copy => 2, _ => 3 };

    public static string Name(BandwidthKind kind) => kind switch { BandwidthKind.Read => "read", BandwidthKind.Copy => "copy", _ => "triad" };

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string CoresText(int threads) => threads == 1 ? "1 core" : $"{threads} cores";

    private Probe Limit(string key, Func<Probe> create)
    {
        if (!_limits.TryGetValue(key, out Probe? probe))
        {
            probe = create();
            _limits.Add(key, probe);
        }

        return probe;
    }

    private Team TeamOf(int size)
    {
        if (!_teams.TryGetValue(size, out Team? team))
        {
            team = new Team(clock, size);
            _teams.Add(size, team);
        }

        return team;
    }
}
