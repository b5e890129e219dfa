namespace Quincunx.Inference.Adversarial;

/// <summary>How well a window of steps knows the gradient in the logarithm of the spread: the standard error of its mean by the chance of the draws, with the critic of each step given.</summary>
/// <param name="memory">Weight of the past in the average of variances, as of the second moments of Adam, by which steps are divided.</param>
/// <param name="window">Steps.</param>
internal sealed class GradientNoise(int dimension, double memory, int window)
{
    private double _average, _weight;

    /// <summary>Root mean square over coordinates; 0 before the first step. One number, so that what is minimised stays a function of the proposal and not of its axes.</summary>
    public double StandardError => _weight > 0 ? Math.Sqrt(_average / _weight / window) : 0;

    /// <param name="variances">Of one step's gradient, packed (<see cref="ProposalGradient"/>).</param>
    public void Add(ReadOnlySpan<double> variances)
    {
        double mean = 0;
        foreach (double variance in variances.Slice(dimension, dimension))
        {
            mean += variance / dimension;
        }

        _average = (memory * _average) + ((1 - memory) * mean);
        _weight = (memory * _weight) + (1 - memory);
    }
}
