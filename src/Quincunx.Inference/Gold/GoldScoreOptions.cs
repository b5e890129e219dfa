using Quincunx.Inference.Networks;

namespace Quincunx.Inference.Gold;

/// <summary>The network of a score learned from mined simulations.</summary>
public sealed record GoldScoreOptions
{
    /// <summary>Widths of the hidden layers; none makes a linear map.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64, 64];

    public Activation Activation { get; init; } = Activation.Silu;

    /// <exception cref="ArgumentException">A width is not positive.</exception>
    internal GoldScoreOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Hidden);
        foreach (int width in Hidden)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(Hidden));
        }

        return Enum.IsDefined(Activation) ? this : throw new ArgumentOutOfRangeException(nameof(Activation), Activation, "Expected one of the activations.");
    }
}
