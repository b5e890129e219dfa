namespace Quincunx.Inference.Diagnostics;

/// <summary>log p(theta) + log p(x | theta), up to a constant; negative infinity where either is impossible.</summary>
public delegate double LogJoint(ReadOnlySpan<double> theta, ReadOnlySpan<double> x);
