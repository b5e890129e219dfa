namespace Quincunx.Inference.Nre;

/// <summary>The nondecreasing function of a score that is nearest to values in weighted squares, by pooling adjacent violators.</summary>
/// <remarks>
/// Ayer et al. 1955, Ann. Math. Stat. 26, 641. At the scores it was fitted to the function is the exact minimum; between two of them it is linear, beyond the first and last constant. Values at equal scores are averaged first.
/// Cost: that of sorting.
/// </remarks>
public sealed class IsotonicRegression
{
    private readonly double[] _scores, _values;

    private IsotonicRegression(double[] scores, double[] values) => (_scores, _values) = (scores, values);

    /// <summary>Distinct scores, ascending.</summary>
    public IReadOnlyList<double> Scores => _scores;

    /// <summary>The function at <see cref="Scores"/>, nondecreasing.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <param name="scores">Shape <c>[n]</c>, n at least 1, not NaN.</param>
    /// <param name="values">Shape <c>[n]</c>, finite.</param>
    /// <param name="weights">Shape <c>[n]</c>, positive and finite; empty for equal ones.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, there are none, or a number is out of its range.</exception>
    public static IsotonicRegression Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        int n = scores.Length;
        if (n == 0 || values.Length != n || (!weights.IsEmpty && weights.Length != n))
        {
            throw new ArgumentException($"Expected as many values as scores, at least one, got {values.Length} and {n}, with {weights.Length} weights.", nameof(values));
        }

        double[] sorted = scores.ToArray(), own = values.ToArray(), mass = weights.IsEmpty ? [.. Enumerable.Repeat(1.0, n)] : weights.ToArray();
        for (int i = 0; i < n; i++)
        {
            if (double.IsNaN(sorted[i]) || !double.IsFinite(own[i]) || !(mass[i] > 0) || !double.IsFinite(mass[i]))
            {
                throw new ArgumentException($"Expected scores that are numbers, finite values and positive weights, got {sorted[i]:R}, {own[i]:R} and {mass[i]:R} in row {i}.", nameof(scores));
            }
        }

        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort(sorted, order);
        double[] distinct = new double[n], fitted = new double[n];
        int points = 0;
        List<(double Sum, double Weight, int Points)> blocks = [];
        for (int i = 0; i < n;)
        {
            (double sum, double weight, int from) = (0, 0, i);
            for (; i < n && sorted[i] == sorted[from]; i++)
            {
                sum += mass[order[i]] * own[order[i]];
                weight += mass[order[i]];
            }

            distinct[points++] = sorted[from];
            blocks.Add((sum, weight, 1));
            while (blocks.Count > 1 && blocks[^2].Sum * blocks[^1].Weight >= blocks[^1].Sum * blocks[^2].Weight)
            {
                (double s, double w, int p) = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (blocks[^1].Sum + s, blocks[^1].Weight + w, blocks[^1].Points + p);
            }
        }

        int next = 0;
        foreach ((double sum, double weight, int count) in blocks)
        {
            fitted.AsSpan(next, count).Fill(sum / weight);
            next += count;
        }

        return new IsotonicRegression(distinct[..points], fitted[..points]);
    }

    /// <summary>The function at a score; NaN for NaN.</summary>
    public double At(double score)
    {
        int i = Array.BinarySearch(_scores, score);
        if (i >= 0 || double.IsNaN(score))
        {
            return i >= 0 ? _values[i] : double.NaN;
        }

        int above = ~i;
        if (above == 0 || above == _scores.Length)
        {
            return above == 0 ? _values[0] : _values[^1];
        }

        // Towards an infinite score the share would be NaN; it counts as infinitely far.
        double share = (score - _scores[above - 1]) / (_scores[above] - _scores[above - 1]);
        return _values[above - 1] + ((double.IsNaN(share) ? 1 : share) * (_values[above] - _values[above - 1]));
    }
}
