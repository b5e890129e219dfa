using Quincunx.Inference.Gold;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Pipeline.Mining;

/// <summary>What is stored of a mined event behind its parameters: the outputs, the joint score, and, where ratios are wanted, the joint log-ratio and the parameters that it is to.</summary>
/// <remarks>So a mined event is stored, resumed, sent and exported as any other, only with more columns; and one without finite numbers in all of them has failed.</remarks>
internal sealed class MinedColumns
{
    // In place of −∞, which would say that the simulation failed.
    private const double Impossible = double.MinValue;

    private readonly int _parameters, _outputs;

    /// <param name="parameters">In the order of the study.</param>
    public MinedColumns(IReadOnlyList<string> parameters, IReadOnlyList<string> outputs, bool hasRatios)
    {
        (_parameters, _outputs, HasRatios) = (parameters.Count, outputs.Count, hasRatios);
        string[] scores = [.. parameters.Select(p => $"score of {p}")];
        Names = hasRatios ? [.. outputs, .. scores, "log ratio", .. parameters.Select(p => $"other {p}")] : [.. outputs, .. scores];
    }

    /// <summary>Of all columns, those of the outputs first.</summary>
    public IReadOnlyList<string> Names { get; }

    public bool HasRatios { get; }

    /// <summary>Columns behind the outputs.</summary>
    public static int Extra(MinedParts parts, int parameters) => parts switch
    {
        MinedParts.Scores => parameters,
        MinedParts.ScoresAndRatios => (2 * parameters) + 1,
        _ => 0,
    };

    /// <param name="row">Shape <c>[columns]</c>.</param>
    public Span<double> X(Span<double> row) => row[.._outputs];

    /// <inheritdoc cref="X"/>
    public Span<double> Score(Span<double> row) => row.Slice(_outputs, _parameters);

    /// <summary>Where the log-ratio is until <see cref="Finish"/>.</summary>
    /// <inheritdoc cref="X"/>
    public Span<double> LogRatio(Span<double> row) => row.Slice(_outputs + _parameters, 1);

    /// <inheritdoc cref="X"/>
    public Span<double> Other(Span<double> row) => row.Slice(_outputs + _parameters + 1, _parameters);

    /// <summary>Makes a ratio of zero a finite number.</summary>
    /// <inheritdoc cref="X"/>
    public void Finish(Span<double> row)
    {
        if (HasRatios && double.IsNegativeInfinity(LogRatio(row)[0]))
        {
            LogRatio(row)[0] = Impossible;
        }
    }

    /// <summary>The outputs alone.</summary>
    /// <param name="pairs">With all columns.</param>
    public SimulationPairs OutputsOf(SimulationPairs pairs) => pairs with { X = Rows(pairs, X, _outputs) };

    /// <summary>The events as networks learn from them; without ratios each stands beside itself.</summary>
    /// <inheritdoc cref="OutputsOf"/>
    public MinedSimulations Events(SimulationPairs pairs) => new(
        pairs.Theta,
        HasRatios ? Rows(pairs, Other, _parameters) : pairs.Theta,
        Rows(pairs, X, _outputs),
        HasRatios ? [.. Rows(pairs, LogRatio, 1).Select(log => log <= Impossible ? double.NegativeInfinity : log)] : new double[pairs.Count],
        Rows(pairs, Score, _parameters),
        pairs.Excluded);

    private double[] Rows(SimulationPairs pairs, Part part, int width)
    {
        double[] rows = new double[pairs.Count * width];
        for (int i = 0; i < pairs.Count; i++)
        {
            part(pairs.X.AsSpan(i * Names.Count, Names.Count)).CopyTo(rows.AsSpan(i * width));
        }

        return rows;
    }

    private delegate Span<double> Part(Span<double> row);
}
