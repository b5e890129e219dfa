using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Where a network may lose values while it is trained: each is set to zero with a probability, and the rest is scaled up so that the mean stays.</summary>
/// <remarks>
/// Srivastava et al. 2014, JMLR 15, 1929. Networks mark the places, in the inner layer of each residual block; <see cref="Training.TrainingOptions.Dropout"/> says with what probability, and only while a loss is
/// differentiated. Held-out losses, densities and draws lose nothing.
/// </remarks>
internal static class Dropout
{
    /// <param name="x">Any shape.</param>
    /// <returns>x itself outside training, or where nothing is to be lost.</returns>
    public static Tensor Apply(Tensor x) => DropoutMasks.Current is { } masks ? x * masks.Next(x.Shape, x.DType) : x;
}
