using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Draws which numbers of an observation are missing, whatever their values.</summary>
/// <param name="missing">All false; set true what is missing.</param>
/// <param name="rng">The stream to draw from.</param>
public delegate void MissingPattern(Span<bool> missing, Rng rng);
