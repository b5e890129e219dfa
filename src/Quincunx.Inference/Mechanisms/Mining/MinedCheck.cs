using System.Globalization;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>Holds what a simulator is mined for against what must be true of it.</summary>
/// <remarks>
/// Three things: along each parameter the joint score is the derivative of the joint log ratio, event by event, by a central difference; the mean score is 0;
/// and the mean ratio to other parameters is 1. The first is the sharpest: a score that forgets a part of the event may well have mean 0.
/// The means fail of themselves where a choice's range depends on theta, so a mean ratio below 1 and a mean score other than 0 speak against the use of the score,
/// but a mean ratio above 1 is always an error.
/// </remarks>
public static class MinedCheck
{
    // One false alarm in 10^9 if means were normal; scores are skewed, which costs some of that.
    private const double Deviations = 6;

    // Fewer events than this that make up the spread of a mean, and its error is a guess.
    private const double LeastEffectiveEvents = 30;

    // Hypotheses along each parameter.
    private const int PerParameter = 5;

    // An event whose difference quotient is off by more than this share of the scores' size does not match.
    private const double Tolerance = 1e-3;

    /// <param name="simulator">What to try.</param>
    /// <param name="theta">Shape <c>[points, parameters]</c>, row-major.</param>
    /// <param name="events">Events at each point, at least 2.</param>
    /// <param name="rng">Event j of point i uses stream <c>Split(i).Split(j)</c>.</param>
    /// <param name="cancel">Looked at before each event.</param>
    /// <exception cref="ArgumentException">There is no point, or its length does not fit.</exception>
    public static MinedCheckResult Run(IMinedSimulator simulator, ReadOnlySpan<double> theta, int events, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 2);
        int parameters = simulator.ParameterNames.Count;
        if (theta.Length == 0 || theta.Length % parameters != 0)
        {
            throw new ArgumentException($"Expected theta [points, {parameters}], got {theta.Length} numbers.", nameof(theta));
        }

        int points = theta.Length / parameters;
        var result = new MinedCheckResult { Points = points, Events = events * points };
        List<double>[] scores = [.. Enumerable.Range(0, parameters).Select(_ => new List<double>())], ratios = [.. scores.Select(_ => new List<double>())];
        try
        {
            for (int point = 0; point < points; point++)
            {
                result = AtPoint(simulator, theta.Slice(point * parameters, parameters), events, rng.Split(point), result, scores, ratios, cancel);
            }
        }
        catch (MiningException e)
        {
            return result with { NotMinable = e.Message };
        }

        result = result with { WorstScore = Worst(scores, 0), WorstRatio = Worst(ratios, 1) };
        return result with { Problems = [.. FindProblems(simulator, result)], Warnings = [.. FindWarnings(simulator, result)] };
    }

    private static MinedCheckResult AtPoint(
        IMinedSimulator simulator,
        ReadOnlySpan<double> theta,
        int events,
        Rng rng,
        MinedCheckResult result,
        List<double>[] allScores,
        List<double>[] allRatios,
        CancellationToken cancel)
    {
        int p = theta.Length;
        double[] x = new double[simulator.OutputNames.Count], scores = new double[events * p], sizes = new double[p];
        for (int i = 0; i < events; i++)
        {
            cancel.ThrowIfCancellationRequested();
            simulator.Mine(theta, [], x, [], scores.AsSpan(i * p, p), rng.Split(i));
        }

        for (int j = 0; j < p; j++)
        {
            double[] along = [.. Enumerable.Range(0, events).Select(i => scores[(i * p) + j])];
            sizes[j] = Math.Sqrt(along.Average(s => s * s));
            allScores[j].AddRange(along.Select(s => sizes[j] > 0 ? s / sizes[j] : 0));
        }

        double[] steps = new double[p], hypotheses = Hypotheses(theta, sizes, steps), logRatios = new double[PerParameter * p];
        for (int i = 0; i < events; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Ratios(simulator, theta, hypotheses, x, logRatios, rng, i);
            for (int j = 0; j < p; j++)
            {
                double ratio = Math.Exp(logRatios[(PerParameter * j) + 4]), score = scores[(i * p) + j];
                if (double.IsFinite(ratio))             // a hypothesis outside a parameter's range has none
                {
                    allRatios[j].Add(ratio);
                }

                // Two central differences, extrapolated: what is left is of the fourth order in the step.
                double quotient = ((4 * Quotient(j, 2)) - Quotient(j, 0)) / 3;
                if (!double.IsFinite(quotient))
                {
                    result = result with { Incomparable = result.Incomparable + 1 };
                    continue;
                }

                // Beside what a wrong score does stands what the subtraction of two rounded sums can do.
                double allowed = (Tolerance * Math.Max(sizes[j], Math.Abs(quotient))) + (1e-12 / steps[j]);
                bool matches = Math.Abs(quotient - score) <= allowed;
                result = result with
                {
                    Compared = result.Compared + 1,
                    Mismatched = result.Mismatched + (matches ? 0 : 1),
                    FirstMismatch = matches ? result.FirstMismatch : result.FirstMismatch ?? new(j, [.. theta], score, quotient),
                };
            }
        }

        return result;

        double Quotient(int j, int pair)
        {
            int first = (PerParameter * j) + pair;
            return (logRatios[first] - logRatios[first + 1]) / (hypotheses[(first * p) + j] - hypotheses[((first + 1) * p) + j]);
        }
    }

    // A hypothesis outside the parameters' range may throw; it has no ratio, and the others have theirs.
    private static void Ratios(IMinedSimulator simulator, ReadOnlySpan<double> theta, double[] hypotheses, double[] x, double[] logRatios, Rng rng, long i)
    {
        try
        {
            simulator.Mine(theta, hypotheses, x, logRatios, [], rng.Split(i));
            return;
        }
        catch (ArgumentException) when (logRatios.Length > 0)
        {
            // One by one below.
        }

        for (int k = 0; k < logRatios.Length; k++)
        {
            try
            {
                simulator.Mine(theta, hypotheses.AsSpan(k * theta.Length, theta.Length), x, logRatios.AsSpan(k, 1), [], rng.Split(i));
            }
            catch (ArgumentException)
            {
                logRatios[k] = double.NaN;
            }
        }
    }

    // For each parameter two near pairs for the difference quotient, and parameters about half a standard deviation of log r away for the mean.
    private static double[] Hypotheses(ReadOnlySpan<double> theta, double[] sizes, double[] steps)
    {
        int p = theta.Length;
        double[] hypotheses = new double[PerParameter * p * p];
        for (int j = 0; j < p; j++)
        {
            double far = sizes[j] > 0 && double.IsFinite(sizes[j]) ? 0.5 / sizes[j] : 0.1 * Math.Max(Math.Abs(theta[j]), 1e-3);

            // Near in the score's measure, and in the parameter's own where no event that would show the score's size has been seen yet.
            steps[j] = Math.Max(Math.Min(1e-3 * far, theta[j] != 0 ? 1e-3 * Math.Abs(theta[j]) : double.PositiveInfinity), 1e-9 * Math.Abs(theta[j]));
            ReadOnlySpan<double> offsets = [steps[j], -steps[j], 0.5 * steps[j], -0.5 * steps[j], far];
            for (int h = 0; h < PerParameter; h++)
            {
                Span<double> row = hypotheses.AsSpan(((PerParameter * j) + h) * p, p);
                theta.CopyTo(row);
                row[j] += offsets[h];
            }
        }

        return hypotheses;
    }

    private static MinedMean? Worst(List<double>[] columns, double expected) => columns
        .Select((column, parameter) => column.Count < 2 ? null : Mean(parameter, column, expected))
        .MaxBy(mean => mean is null ? -1 : Math.Abs(mean.Deviation));

    private static MinedMean Mean(int parameter, List<double> column, double expected)
    {
        double mean = column.Average(), squares = column.Sum(v => (v - mean) * (v - mean)), fourths = column.Sum(v => Math.Pow(v - mean, 4));
        double error = Math.Sqrt(squares / (column.Count - 1) / column.Count);

        // Where a few rare events carry all the spread, or none has been seen yet, the error is not known.
        bool isKnown = fourths > 0 && squares * squares / fourths >= LeastEffectiveEvents;
        return new(parameter, mean, error, isKnown ? (mean - expected) / error : 0);
    }

    private static IEnumerable<string> FindProblems(IMinedSimulator simulator, MinedCheckResult result)
    {
        // A kink of the density falls into a step now and then; a wrong score is wrong all the time.
        if (result.FirstMismatch is { } mismatch && result.Mismatched > 0.01 * result.Compared)
        {
            string theta = string.Join(", ", mismatch.Theta.Select(t => t.ToString("G4", CultureInfo.InvariantCulture)));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The mined score is not the derivative of the mined joint ratio in {result.Mismatched} of {result.Compared} comparisons: ")
                + string.Create(
                CultureInfo.InvariantCulture,
                $"along {simulator.ParameterNames[mismatch.Parameter]} at ({theta}) it is {mismatch.Score:G6}, the difference quotient {mismatch.Quotient:G6}.");
        }

        if (result.WorstRatio is { Deviation: > Deviations } ratio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The mined joint ratio has mean {ratio.Mean:G4} ± {ratio.StandardError:G2} along {simulator.ParameterNames[ratio.Parameter]}; it must be 1.");
        }
    }

    private static IEnumerable<string> FindWarnings(IMinedSimulator simulator, MinedCheckResult result)
    {
        const string Reason = "Where the range of a choice depends on theta this is so, and the score is not one to train on; otherwise it is wrong.";
        if (result.WorstScore is { } score && Math.Abs(score.Deviation) > Deviations)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The mined score over its size has mean {score.Mean:G4} ± {score.StandardError:G2} along {simulator.ParameterNames[score.Parameter]}, not 0. {Reason}");
        }

        if (result.WorstRatio is { Deviation: < -Deviations } ratio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The mined joint ratio has mean {ratio.Mean:G4} ± {ratio.StandardError:G2} along {simulator.ParameterNames[ratio.Parameter]}, below 1. {Reason}");
        }
    }
}
