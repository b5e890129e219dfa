using System.Runtime;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Measures the engine: every kernel and training step as a share of what bounds it.</summary>
/// <remarks>
/// The rows of a section are measured in turn, with their limits among them, a short slice each, and again in every round: a machine that slows down slows
/// the limit and what is compared with it alike. Medians over the rounds are reported. Before the first round everything runs until the runtime compiles nothing more.
/// </remarks>
internal sealed class EngineBench(TimeProvider clock, Effort effort)
{
    // The runtime compiles again what was called often; a section that never comes to rest is measured all the same.
    private static readonly TimeSpan LongestUnrest = TimeSpan.FromSeconds(5);

    private static readonly (string Title, Func<Bench, IEnumerable<RowPlan>> Rows)[] Sections =
    [
        ("Limits of the processor", LimitRows.All),
        ("Matrix products", ProductRows.All),
        ("Linear algebra", LinearAlgebraRows.All),
        ("Fourier transforms", FourierRows.All),
        ("Elementwise and reductions", ElementwiseRows.All),
        ("Convolutions", ConvolutionRows.All),
        ("Pooling", PoolRows.All),
        ("Einsum", EinsumRows.All),
        ("Interpolation", InterpolationRows.All),
        ("Attention", AttentionRows.All),
        ("Graphs", SegmentRows.All),
        ("Continuous flows", ContinuousFlowRows.All),
        ("Layers", LayerRows.All),
        ("Layers with symmetries", EquivariantRows.All),
        ("Accuracy", AccuracyRows.All),
        ("Large network", NetworkRows.All),
        ("Neural posterior", PosteriorRows.All),
        ("Ratio estimation", RatioRows.All),
        ("Second order", SecondOrderRows.All),
        ("Differential equations", OdeRows.All),
        ("Forward mode", ForwardModeRows.All),
        ("Simulations on disk", StoreRows.All),
        ("Overhead", OverheadRows.All),
        ("Memory", MemoryRows.All),
    ];

    /// <summary>Measures section by section.</summary>
    /// <param name="filter">Part of the names of the wanted rows, or of a section's title; null for all. Case does not matter.</param>
    /// <param name="progress">Told before each section.</param>
    /// <returns>Sections without a wanted row are left out.</returns>
    public IEnumerable<EngineSection> Run(string? filter, IProgress<string>? progress, CancellationToken cancel)
    {
        foreach ((string title, Func<Bench, IEnumerable<RowPlan>> rows) in Sections)
        {
            using var bench = new Bench(clock, effort, cancel);
            RowPlan[] wanted = [.. rows(bench).Where(row => Wanted(filter, title, row.Name))];
            if (wanted.Length > 0)
            {
                progress?.Report($"{title}: {wanted.Length} {(wanted.Length == 1 ? "row" : "rows")}");
                Measure(bench, [.. wanted.SelectMany(row => row.Probes).Distinct()], cancel);
                yield return new EngineSection(title, [.. wanted.Select(row => row.Finish())]);
            }
        }
    }

    /// <summary>Whether a filter leaves any row.</summary>
    public bool HasRows(string filter)
    {
        using var bench = new Bench(clock, effort, CancellationToken.None);
        return Array.Exists(Sections, s => s.Rows(bench).Any(row => Wanted(filter, s.Title, row.Name)));
    }

    private static bool Wanted(string? filter, string title, string name) =>
        filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase) || title.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private void Measure(Bench bench, Probe[] probes, CancellationToken cancel)
    {
        bench.WarmUp(probes);
        Settle(probes, cancel);
        GC.Collect();
        bench.Measure(probes);
        GC.Collect();
    }

    private void Settle(Probe[] probes, CancellationToken cancel)
    {
        long start = clock.GetTimestamp(), change = start, compiled = JitInfo.GetCompiledMethodCount();
        while (probes.Length > 0 && clock.GetElapsedTime(change) < effort.Quiet && clock.GetElapsedTime(start) < LongestUnrest)
        {
            foreach (Probe probe in probes)
            {
                cancel.ThrowIfCancellationRequested();
                probe.Rehearse(effort);
            }

            if (JitInfo.GetCompiledMethodCount() is long now && now != compiled)
            {
                (compiled, change) = (now, clock.GetTimestamp());
            }
        }
    }
}
