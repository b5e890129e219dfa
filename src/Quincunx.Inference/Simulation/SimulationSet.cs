namespace Quincunx.Inference.Simulation;

/// <summary>Consecutive simulated events, failed ones included, so that nothing is dropped silently.</summary>
public sealed record SimulationSet
{
    private SimulationSet(int parameters, int outputs, long from, double[] theta, double[] x)
    {
        (ParameterCount, OutputCount, From, Theta, X) = (parameters, outputs, from, theta, x);
        Count = theta.Length / parameters;
        List<int> failed = [];
        for (int row = 0; row < Count; row++)
        {
            if (FirstNonFinite(x.AsSpan(row * outputs, outputs)) >= 0)
            {
                failed.Add(row);
            }
        }

        FailedRows = failed;
    }

    /// <summary>Numbers in a row of <see cref="Theta"/>.</summary>
    public int ParameterCount { get; }

    /// <summary>Numbers in a row of <see cref="X"/>.</summary>
    public int OutputCount { get; }

    /// <summary>Number of the first event; row i is event <c>From + i</c>.</summary>
    public long From { get; }

    /// <summary>Shape <c>[Count, ParameterCount]</c>, row-major.</summary>
    public double[] Theta { get; }

    /// <summary>Shape <c>[Count, OutputCount]</c>, row-major; all NaN in the row of a simulation that threw.</summary>
    public double[] X { get; }

    /// <summary>Rows, failed ones included.</summary>
    public int Count { get; }

    /// <summary>Rows with a non-finite output, ascending.</summary>
    public IReadOnlyList<int> FailedRows { get; }

    /// <summary>Share of failed rows, from 0 to 1; 0 when there are no rows.</summary>
    public double FailedShare => Count == 0 ? 0 : (double)FailedRows.Count / Count;

    /// <summary>The first few failures with their reasons; empty in a set rebuilt from its arrays.</summary>
    public IReadOnlyList<SimulationFailure> Failures { get; init; } = [];

    /// <summary>Why the run ended.</summary>
    public SimulationStopReason StopReason { get; init; }

    /// <summary>A set from stored arrays, which are kept, not copied. Rows with a non-finite output count as failed.</summary>
    /// <param name="parameters">Length of a row of <paramref name="theta"/>, positive.</param>
    /// <param name="outputs">Length of a row of <paramref name="x"/>, positive.</param>
    /// <param name="from">Number of the first event.</param>
    /// <param name="theta">Shape <c>[n, parameters]</c>, row-major.</param>
    /// <param name="x">Shape <c>[n, outputs]</c>, row-major.</param>
    /// <exception cref="ArgumentException">The lengths are not those of whole rows, or the two have different numbers of them.</exception>
    public static SimulationSet FromArrays(int parameters, int outputs, long from, double[] theta, double[] x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(x);
        if (theta.Length % parameters != 0 || x.Length % outputs != 0 || theta.Length / parameters != x.Length / outputs)
        {
            throw new ArgumentException(
                $"Expected theta [n, {parameters}] and x [n, {outputs}] with the same n, got {theta.Length} and {x.Length} numbers.", nameof(x));
        }

        return new SimulationSet(parameters, outputs, from, theta, x);
    }

    /// <summary>Joins sets that follow one another into one.</summary>
    /// <param name="sets">At least one; each starts at the event after the last one's end.</param>
    /// <exception cref="ArgumentException">There is none, shapes differ, or events are missing or repeated.</exception>
    public static SimulationSet Join(IReadOnlyList<SimulationSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
        {
            throw new ArgumentException("Expected at least one set, got none.", nameof(sets));
        }

        SimulationSet first = sets[0];
        long next = first.From;
        foreach (SimulationSet set in sets)
        {
            if (set.From != next || set.ParameterCount != first.ParameterCount || set.OutputCount != first.OutputCount)
            {
                throw new ArgumentException(
                    $"Expected event {next} with {first.ParameterCount} parameters and {first.OutputCount} outputs next, "
                    + $"got event {set.From} with {set.ParameterCount} and {set.OutputCount}.",
                    nameof(sets));
            }

            next += set.Count;
        }

        double[] theta = Concatenate(sets, set => set.Theta), x = Concatenate(sets, set => set.X);
        return new SimulationSet(first.ParameterCount, first.OutputCount, first.From, theta, x)
        {
            Failures = [.. sets.SelectMany(set => set.Failures)],
            StopReason = sets.Any(set => set.StopReason == SimulationStopReason.AllFailed)
                ? SimulationStopReason.AllFailed
                : SimulationStopReason.Completed,
        };
    }

    /// <summary>The rows that did not fail, and how many did. Shares the arrays if none did.</summary>
    public SimulationPairs Successful()
    {
        if (FailedRows.Count == 0)
        {
            return new SimulationPairs(Theta, X, Count, Excluded: 0);
        }

        int kept = Count - FailedRows.Count, to = 0, nextFailure = 0;
        double[] theta = new double[kept * ParameterCount], x = new double[kept * OutputCount];
        for (int row = 0; row < Count; row++)
        {
            if (nextFailure < FailedRows.Count && FailedRows[nextFailure] == row)
            {
                nextFailure++;
                continue;
            }

            Theta.AsSpan(row * ParameterCount, ParameterCount).CopyTo(theta.AsSpan(to * ParameterCount));
            X.AsSpan(row * OutputCount, OutputCount).CopyTo(x.AsSpan(to * OutputCount));
            to++;
        }

        return new SimulationPairs(theta, x, kept, FailedRows.Count);
    }

    private static double[] Concatenate(IReadOnlyList<SimulationSet> sets, Func<SimulationSet, double[]> part)
    {
        double[] all = new double[sets.Sum(set => (long)part(set).Length)];
        int to = 0;
        foreach (SimulationSet set in sets)
        {
            part(set).CopyTo(all, to);
            to += part(set).Length;
        }

        return all;
    }

    /// <summary>Index of the first number that is NaN or infinite, or -1.</summary>
    internal static int FirstNonFinite(ReadOnlySpan<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
