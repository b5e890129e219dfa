namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>How well a computed output agrees with what was seen there: the logarithm of a weight, such as <c>-|x - seen| / width</c>.</summary>
/// <param name="output">Which output.</param>
/// <param name="x">What the mechanism computed.</param>
/// <param name="seen">What was seen, not NaN.</param>
public delegate double OutputKernel(int output, double x, double seen);
