using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Angles θ of U(1) links exp(iθ) on a periodic lattice in two dimensions, their gauge transformations and loops.</summary>
/// <remarks>
/// Links have shape <c>[batch, 2, L₀, L₁]</c>: element [b, μ, x₀, x₁] belongs to the link from x to x + μ̂. Plaquettes have shape <c>[batch, 1, L₀, L₁]</c>, by their corner of
/// least coordinates. Angles are not brought into an interval: cosines and sines do not notice.
/// </remarks>
public static class GaugeLinks
{
    /// <summary>P(x) = θ₀(x) + θ₁(x + 0̂) - θ₀(x + 1̂) - θ₁(x), which no gauge transformation changes.</summary>
    /// <exception cref="ShapeException">Links have another shape than <c>[batch, 2, L₀, L₁]</c>.</exception>
    public static Tensor Plaquettes(Tensor links)
    {
        (Tensor first, Tensor second) = Parts(links);
        return first + Ahead(second, 2) - Ahead(first, 3) - second;
    }

    /// <summary>What moves links along the boundary of each plaquette: the transpose of <see cref="Plaquettes"/>, and the gradient of Σ s P in the links.</summary>
    /// <param name="s">Shape <c>[batch, 1, L₀, L₁]</c>.</param>
    /// <returns>
    /// Shape <c>[batch, 2, L₀, L₁]</c>. Links plus this, with s made of loops, change under a gauge transformation as the links do: with s = ρ sin P it is a step of
    /// stout smearing (Morningstar and Peardon 2004, arXiv:hep-lat/0311018).
    /// </returns>
    /// <exception cref="ShapeException">s has another shape.</exception>
    public static Tensor Boundary(Tensor s)
    {
        ShapeException.ThrowUnless(s, -1, 1, -1, -1);
        return Tensor.Concat([s - Behind(s, 3), Behind(s, 2) - s], axis: 1);
    }

    /// <summary>θ_μ(x) + α(x) - α(x + μ̂).</summary>
    /// <param name="phases">α, shape <c>[batch, 1, L₀, L₁]</c>.</param>
    /// <exception cref="ShapeException">A shape differs.</exception>
    public static Tensor Transform(Tensor links, Tensor phases)
    {
        (Tensor first, Tensor second) = Parts(links);
        ShapeException.ThrowUnless(phases, first.Shape.Lengths);
        return Tensor.Concat([first + phases - Ahead(phases, 2), second + phases - Ahead(phases, 3)], axis: 1);
    }

    private static (Tensor First, Tensor Second) Parts(Tensor links)
    {
        ShapeException.ThrowUnless(links, -1, 2, -1, -1);
        return (links.Slice(1, 0, 1), links.Slice(1, 1, 1));
    }

    // The value one step further along an axis, and one step back.
    private static Tensor Ahead(Tensor x, int axis) => Turned(x, axis, 1);

    private static Tensor Behind(Tensor x, int axis) => Turned(x, axis, x.Shape[axis] - 1);

    private static Tensor Turned(Tensor x, int axis, int by)
    {
        int length = x.Shape[axis];
        return length < 2 ? x : Tensor.Concat([x.Slice(axis, by, length - by), x.Slice(axis, 0, by)], axis);
    }
}
