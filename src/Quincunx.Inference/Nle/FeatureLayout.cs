namespace Quincunx.Inference.Nle;

/// <summary>Which features are categories, which are whole numbers spread by noise, and which are continuous.</summary>
internal sealed class FeatureLayout
{
    /// <exception cref="ArgumentException">A discrete feature is not one of the features, is named twice, or has no levels.</exception>
    public FeatureLayout(int features, IReadOnlyList<DiscreteFeature> discrete, int mostLevels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (discrete.Any(f => f.Index < 0 || f.Index >= features || f.Levels < 1 || !double.IsFinite(f.Lowest)) || discrete.DistinctBy(f => f.Index).Count() != discrete.Count)
        {
            throw new ArgumentException($"Expected different features below {features} with one level or more, got {string.Join(", ", discrete)}.", nameof(discrete));
        }

        Features = features;
        Discrete = [.. discrete.OrderBy(f => f.Index)];
        Categories = [.. Discrete.Where(f => f.Levels <= mostLevels)];
        Spread = [.. Discrete.Where(f => f.Levels > mostLevels).Select(f => f.Index)];
        Continuous = [.. Enumerable.Range(0, features).Where(i => !Categories.Any(f => f.Index == i))];
    }

    public int Features { get; }

    public IReadOnlyList<DiscreteFeature> Discrete { get; }

    /// <summary>Learned as categories.</summary>
    public DiscreteFeature[] Categories { get; }

    /// <summary>Discrete features among <see cref="Continuous"/>.</summary>
    public int[] Spread { get; }

    /// <summary>Learned by the flow.</summary>
    public int[] Continuous { get; }

    /// <summary>Features all of whose values are at whole distances from the least; those that never vary have one level.</summary>
    /// <param name="xs">Finite, shape <c>[n, features]</c>.</param>
    public static List<DiscreteFeature> Detect(ReadOnlySpan<double> xs, int features)
    {
        List<DiscreteFeature> found = [];
        for (int j = 0; j < features; j++)
        {
            double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
            for (int i = j; i < xs.Length; i += features)
            {
                (least, greatest) = (Math.Min(least, xs[i]), Math.Max(greatest, xs[i]));
            }

            bool isDiscrete = greatest - least < int.MaxValue;
            for (int i = j; i < xs.Length && isDiscrete; i += features)
            {
                isDiscrete = xs[i] - least == Math.Floor(xs[i] - least);
            }

            if (isDiscrete)
            {
                found.Add(new DiscreteFeature(j, least, (int)(greatest - least) + 1));
            }
        }

        return found;
    }

    /// <summary>Copies the continuous features of rows.</summary>
    public double[] ContinuousOf(ReadOnlySpan<double> xs)
    {
        int rows = xs.Length / Features, width = Continuous.Length;
        double[] values = new double[rows * width];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = xs[(i / width * Features) + Continuous[i % width]];
        }

        return values;
    }

    /// <summary>The categories of one row, from 0.</summary>
    /// <returns>False where a value is none of a feature's.</returns>
    public bool TryCategories(ReadOnlySpan<double> x, Span<double> categories)
    {
        bool isPossible = true;
        for (int i = 0; i < Categories.Length; i++)
        {
            double level = x[Categories[i].Index] - Categories[i].Lowest;
            bool isLevel = level >= 0 && level < Categories[i].Levels && level == Math.Floor(level);
            categories[i] = isLevel ? level : 0;
            isPossible &= isLevel;
        }

        return isPossible;
    }
}
