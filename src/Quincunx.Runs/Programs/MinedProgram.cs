using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Programs;

/// <summary>A program that gives joint scores and ratios, event by event.</summary>
internal sealed class MinedProgram(ProgramSimulator program) : IMinedSimulator
{
    public IReadOnlyList<string> ParameterNames => program.ParameterNames;

    public IReadOnlyList<string> OutputNames => program.OutputNames;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => program.Simulate(theta, x, rng);

    public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
    {
        int parameters = ParameterNames.Count;
        if (theta.Length != parameters || x.Length != OutputNames.Count || hypotheses.Length != logRatios.Length * parameters || (score.Length != parameters && !score.IsEmpty))
        {
            throw new ArgumentException(
                $"Expected {parameters} parameters, {OutputNames.Count} outputs and {logRatios.Length} hypotheses of {parameters}, got {theta.Length}, {x.Length}, {hypotheses.Length} and a score of {score.Length}.");
        }

        // A program answers both or neither, so the score is always asked for.
        Span<double> wanted = score.IsEmpty ? new double[parameters] : score;
        string?[] failure = [null];
        program.Run(
            new ProgramBatch { Theta = theta, Seeds = [ProgramSimulator.SeedOf(rng)], X = x, Failures = failure, Hypotheses = hypotheses, LogRatios = logRatios, Score = wanted }, CancellationToken.None);
        if (failure[0] is { } reason)
        {
            throw new MiningException(reason);
        }
    }
}
