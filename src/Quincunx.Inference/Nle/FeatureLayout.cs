using Quincunx.Numerics.Random;

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

    /// <summary>Whole numbers that are too many for categories become uniform on the interval about them, so that the density at the number is the probability of it (Uria, Murray, Larochelle 2013, arXiv:1306.0186).</summary>
    /// <param name="xs">Shape <c>[n, Features]</c>, changed in place.</param>
    public void AddNoise(Span<double> xs, Rng rng)
    {
        foreach (int feature in Spread)
        {
            Rng own = rng.Split(feature);
            for (int i = feature; i < xs.Length; i += Features)
            {
                xs[i] += own.NextDouble() - 0.5;
            }
        }
    }

    /// <param name="xs">Shape <c>[n, Features]</c>.</param>
    /// <exception cref="ArgumentException">A category has another value.</exception>
    public void CheckLevels(ReadOnlySpan<double> xs)
    {
        double[] categories = new double[Categories.Length];
        for (int i = 0; i < xs.Length / Features; i++)
        {
            if (!TryCategories(xs.Slice(i * Features, Features), categories))
            {
                throw new ArgumentException($"Expected discrete features with the values declared, got others in row {i}: {string.Join(", ", Categories.Select(f => f.ToString()))}.", nameof(xs));
            }
        }
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
