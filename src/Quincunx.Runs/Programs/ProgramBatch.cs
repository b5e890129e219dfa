namespace Quincunx.Runs.Programs;

/// <summary>Simulations that are asked of a program at once, and the room for what it answers.</summary>
internal readonly ref struct ProgramBatch
{
    /// <summary>Shape <c>[rows, Parameters]</c>.</summary>
    public required ReadOnlySpan<double> Theta { get; init; }

    /// <summary>Shape <c>[rows]</c>, from 0 and below 2⁵³.</summary>
    public required ReadOnlySpan<long> Seeds { get; init; }

    /// <summary>Shape <c>[rows, Outputs]</c>.</summary>
    public required Span<double> X { get; init; }

    /// <summary>Shape <c>[rows]</c>.</summary>
    public required Span<string?> Failures { get; init; }

    /// <summary>Shape <c>[hypotheses, Parameters]</c>; empty where no ratios are asked for.</summary>
    public ReadOnlySpan<double> Hypotheses { get; init; }

    /// <summary>Shape <c>[rows, hypotheses]</c>.</summary>
    public Span<double> LogRatios { get; init; }

    /// <summary>Shape <c>[rows, Parameters]</c>; empty where it is not asked for.</summary>
    public Span<double> Score { get; init; }

    public int Rows => Seeds.Length;

    public int Parameters => Theta.Length / Rows;

    public int Outputs => X.Length / Rows;

    public int HypothesisCount => Hypotheses.Length / Parameters;

    /// <summary>Some of the rows.</summary>
    public ProgramBatch Slice(int from, int count) => new()
    {
        Theta = Theta.Slice(from * Parameters, count * Parameters),
        Seeds = Seeds.Slice(from, count),
        X = X.Slice(from * Outputs, count * Outputs),
        Failures = Failures.Slice(from, count),
        Hypotheses = Hypotheses,
        LogRatios = LogRatios.Slice(from * HypothesisCount, count * HypothesisCount),
        Score = Score.IsEmpty ? Score : Score.Slice(from * Parameters, count * Parameters),
    };
}
