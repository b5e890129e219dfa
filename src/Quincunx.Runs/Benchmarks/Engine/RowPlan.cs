namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>A row before it is measured.</summary>
internal sealed record RowPlan(string Name, int Threads, string DType, string Unit, Quantity Figure, Bound Bound)
{
    public const string Float32 = "float32", Float64 = "float64";

    public IEnumerable<Probe> Probes => Figure.Probes.Concat(Bound.Probes);

    /// <summary>The row, after the last round.</summary>
    public EngineRow Finish()
    {
        double median = Figure.Value(), bound = Bound.Value;
        return new EngineRow(Name, Threads, DType, median, Unit, Units.Share(median, bound, Unit), Bound.Text(Unit));
    }

    /// <summary>The name of an element type in a row.</summary>
    public static string NameOf<T>() => typeof(T) == typeof(float) ? Float32 : Float64;
}
