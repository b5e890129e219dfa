namespace Quincunx.Inference.Diagnostics;

public sealed record PredictiveCheckOptions
{
    /// <summary>Names of the outputs; <c>x[0]</c> and so on if empty.</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>Levels of the predictive quantiles in the result, each in (0, 1).</summary>
    public IReadOnlyList<double> QuantileLevels { get; init; } = [0.025, 0.25, 0.5, 0.75, 0.975];

    /// <summary>1 minus the p-value below which the observation is called atypical.</summary>
    public double Level { get; init; } = 0.95;

    internal PredictiveCheckOptions Checked(int outputs)
    {
        if (OutputNames.Count != 0 && OutputNames.Count != outputs)
        {
            throw new ArgumentException($"Expected {outputs} output names, got {OutputNames.Count}.", nameof(OutputNames));
        }

        if (!QuantileLevels.All(q => q is > 0 and < 1) || Level is not (> 0 and < 1))
        {
            throw new ArgumentException($"Expected levels in (0, 1), got {Level} and quantiles {string.Join(", ", QuantileLevels)}.", nameof(QuantileLevels));
        }

        return this;
    }
}
