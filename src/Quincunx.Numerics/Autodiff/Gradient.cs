using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Reverse-mode derivatives of any order.</summary>
public static class Gradient
{
    /// <summary>dy/dx for each x.</summary>
    /// <param name="y">A tensor of one element.</param>
    /// <param name="xs">Tracked tensors; one that y does not depend on gets zeros.</param>
    /// <param name="differentiable">Record the gradients themselves, so that they can be differentiated again.</param>
    /// <returns>In the order and shapes of <paramref name="xs"/>.</returns>
    /// <exception cref="ShapeException">y has more than one element; use <see cref="VectorJacobian"/>.</exception>
    public static Tensor[] Of(Tensor y, IReadOnlyList<Tensor> xs, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (y.Count != 1)
        {
            throw new ShapeException($"Expected a single element to differentiate, got shape {y.Shape}.");
        }

        return VectorJacobian(y, Tensor.Ones(y.Shape, y.DType), xs, differentiable);
    }

    /// <summary>dy/dx for one x.</summary>
    public static Tensor Of(Tensor y, Tensor x, bool differentiable = false) => Of(y, [x], differentiable)[0];

    /// <summary>Σᵢ vᵢ dyᵢ/dx for each x.</summary>
    /// <param name="y">Any shape.</param>
    /// <param name="v">The shape of <paramref name="y"/>.</param>
    public static Tensor[] VectorJacobian(Tensor y, Tensor v, IReadOnlyList<Tensor> xs, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(xs);
        y.RequireSameType(v);
        ShapeException.ThrowUnless(v, y.Shape.Lengths);
        foreach (Tensor x in xs)
        {
            if (!x.IsTracked)
            {
                throw new ArgumentException("Differentiation with respect to a tensor that is not tracked; call Track on it first.", nameof(xs));
            }
        }

        if (differentiable && Recording.IsOn)
        {
            return BackwardPass.Run(y, v, xs);
        }

        using (Recording.Off())
        {
            return BackwardPass.Run(y, v, xs);
        }
    }

    /// <summary>Σᵢ vᵢ ∂yᵢ/∂x for each x with the others held fixed: no path leads through one x to another, nor beyond any into its history.</summary>
    internal static Tensor[] Partial(Tensor y, Tensor v, IReadOnlyList<Tensor> xs, bool differentiable)
    {
        if (differentiable && Recording.IsOn)
        {
            return BackwardPass.Run(y, v, xs, stopsAtTargets: true);
        }

        using (Recording.Off())
        {
            return BackwardPass.Run(y, v, xs, stopsAtTargets: true);
        }
    }

    /// <summary>Σⱼ d²y/dxᵢdxⱼ vⱼ, by differentiating the gradient along v.</summary>
    /// <param name="y">A tensor of one element.</param>
    /// <param name="v">The shape of <paramref name="x"/>.</param>
    public static Tensor HessianVector(Tensor y, Tensor x, Tensor v, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        ShapeException.ThrowUnless(v, x.Shape.Lengths);
        Tensor gradient = Of(y, x, differentiable: true);
        return gradient.IsTracked
            ? VectorJacobian(gradient, v, [x], differentiable)[0]
            : Tensor.Zeros(x.Shape, x.DType);          // y is at most linear in x
    }
}
