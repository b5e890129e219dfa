namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="GaugeNetwork"/>.</summary>
public sealed record GaugeNetworkOptions
{
    /// <summary>Sides of the square Wilson loops around each plaquette that the network sees; odd, so that they have it in their middle.</summary>
    public IReadOnlyList<int> Loops { get; init; } = [1];

    /// <summary>
    /// Even or odd under charge conjugation θ → -θ. With <see cref="LatticeSymmetry.Full"/> an even output is a scalar under reflections and an odd one changes its sign, as the
    /// sine of a plaquette does; without a parity reflections are not respected.
    /// </summary>
    public FieldParity Charge { get; init; } = FieldParity.None;

    /// <summary>The network on the loops, of two axes and without a parity of its own.</summary>
    public LatticeNetworkOptions Network { get; init; } = new();

    internal GaugeNetworkOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Loops);
        if (Loops.Count == 0 || Loops.Any(side => side <= 0 || int.IsEvenInteger(side)))
        {
            throw new ArgumentException($"Expected one or more odd sides of loops, got [{string.Join(", ", Loops)}].", nameof(Loops));
        }

        return Network.Axes != 2 || Network.Parity != FieldParity.None
            ? throw new ArgumentException($"Expected a network of two axes without a parity, got {Network.Axes} and {Network.Parity}.", nameof(Network))
            : this;
    }
}
