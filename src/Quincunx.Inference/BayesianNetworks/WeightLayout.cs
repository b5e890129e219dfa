namespace Quincunx.Inference.BayesianNetworks;

/// <summary>Where the standard normal coordinates of a network's weights stand in one row of them.</summary>
/// <remarks>In this order: scales (see <see cref="WeightTarget"/>), the noise's log-precision, its differences between parameters, biases, input weights of hidden units, linear weights, hidden biases, output weights, coupling.</remarks>
/// <param name="Dimension">Parameters d.</param>
/// <param name="Features">Outputs of the simulator k.</param>
/// <param name="Hidden">Hidden units h.</param>
internal readonly record struct WeightLayout(int Dimension, int Features, int Hidden)
{
    /// <summary>Scales of: linear weights, steepness of hidden units, hidden to means, hidden to log-precisions, coupling, differences of log-precisions.</summary>
    public const int Scales = 6;

    public int Precision => Scales;

    public int Offsets => Precision + 1;

    public int Biases => Offsets + Dimension;

    public int Inputs => Biases + Dimension;

    public int Linear => Inputs + (Hidden * Features);

    public int HiddenBiases => Linear + (Dimension * Features);

    public int Outputs => HiddenBiases + Hidden;

    public int Coupling => Outputs + (2 * Dimension * Hidden);

    public int Pairs => Dimension * (Dimension - 1) / 2;

    public int Count => Coupling + Pairs;
}
