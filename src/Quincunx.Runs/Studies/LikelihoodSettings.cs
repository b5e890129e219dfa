namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.likelihood</c>: the flow of the outputs given the parameters.</summary>
/// <param name="Affine">Affine autoregressive transforms, next to the data.</param>
/// <param name="Splines">Spline autoregressive transforms after them.</param>
/// <param name="Hidden">Widths of the residual blocks of each transform's network, all the same.</param>
public sealed record LikelihoodSettings(int Affine, int Splines, IReadOnlyList<int> Hidden, int Bins);
