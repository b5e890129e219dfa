namespace Quincunx.Inference.Causal;

/// <summary>A formula needs a probability within a stratum that has probability 0: there is nothing to learn it from.</summary>
/// <param name="stratum">The stratum, as <c>X=1, Z=0</c>.</param>
public sealed class PositivityException(string stratum)
    : ArgumentException($"Expected every stratum that the formula conditions on to have positive probability, got probability 0 for {stratum}.")
{
    /// <summary>The stratum, as <c>X=1, Z=0</c>.</summary>
    public string Stratum { get; } = stratum;
}
