using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Studies;

/// <summary>A mined simulator whose parameters, hypotheses and scores come in the study's order.</summary>
/// <param name="order">A permutation of the simulator's parameter names.</param>
internal sealed class OrderedMiner(IMinedSimulator inner, IReadOnlyList<string> order) : IMinedSimulator
{
    private readonly ParameterOrder _order = new(inner.ParameterNames, order);

    public IReadOnlyList<string> ParameterNames => order;

    public IReadOnlyList<string> OutputNames => inner.OutputNames;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => inner.Simulate(Inward(theta), x, rng);

    public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
    {
        double[] ordered = new double[score.Length];
        inner.Mine(Inward(theta), Inward(hypotheses), x, logRatios, ordered, rng);
        _order.Outward(ordered, score);
    }

    private double[] Inward(ReadOnlySpan<double> rows)
    {
        double[] ordered = new double[rows.Length];
        _order.Inward(rows, ordered);
        return ordered;
    }
}
