namespace Quincunx.Inference.Causal;

/// <summary>A variable that moves the treatment and reaches the outcome through it alone, within strata of other variables.</summary>
/// <param name="Variable">The instrument.</param>
/// <param name="Given">What has to be held fixed; empty for an instrument as it stands.</param>
public sealed record Instrument(string Variable, VariableSet Given)
{
    /// <summary><c>Z</c> or <c>Z | W1, W2</c>.</summary>
    public override string ToString() => Given.IsEmpty ? Variable : $"{Variable} | {Given}";
}
