namespace Quincunx.Inference.Diagnostics;

public sealed record GaussianityOptions
{
    /// <summary>Data sets simulated from the fitted Gaussian, at least 19. The least p-value is 1 / (1 + this).</summary>
    public int Simulations { get; init; } = 199;

    /// <summary>Bins of equal probability of the histograms; 0 for twice the number of rows to the power 2/5.</summary>
    public int Bins { get; init; }

    internal GaussianityOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Simulations, 19);
        return Bins is 0 or >= 3 ? this : throw new ArgumentOutOfRangeException(nameof(Bins), Bins, "Expected at least 3 bins, or 0.");
    }
}
