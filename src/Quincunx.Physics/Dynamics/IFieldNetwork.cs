using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>A learned vector field on phase space.</summary>
public interface IFieldNetwork : IModule
{
    /// <summary>dx/dt of each column.</summary>
    /// <param name="x">Shape <c>[2 n, batch]</c>.</param>
    /// <param name="differentiable">Whether the result is recorded, so that it can be differentiated in the weights.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    Tensor Field(Tensor x, bool differentiable);
}
