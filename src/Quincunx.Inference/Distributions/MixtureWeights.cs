namespace Quincunx.Inference.Distributions;

/// <summary>Probabilities from weights, for categories and mixture components alike.</summary>
internal static class MixtureWeights
{
    public static double[] Normalised(ReadOnlySpan<double> weights)
    {
        double total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0))
            {
                throw new ArgumentException($"Expected weights of at least 0, got {weights[i]} at index {i}.", nameof(weights));
            }

            total += weights[i];
        }

        if (!(total > 0) || !double.IsFinite(total))
        {
            throw new ArgumentException($"Expected weights with a positive, finite sum, got {weights.Length} that sum to {total}.", nameof(weights));
        }

        double[] probabilities = weights.ToArray();
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] /= total;
        }

        return probabilities;
    }
}
