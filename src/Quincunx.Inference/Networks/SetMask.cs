using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Which elements of padded sets exist: shape <c>[batch, set]</c>, 0 where there is none.</summary>
internal static class SetMask
{
    /// <exception cref="ShapeException">x is not <c>[batch, set, features]</c>, or the mask not <c>[batch, set]</c>.</exception>
    public static void Require(Tensor x, int features, Tensor? mask)
    {
        ShapeException.ThrowUnless(x, -1, -1, features);
        if (mask is not null)
        {
            ShapeException.ThrowUnless(mask, x.Shape[0], x.Shape[1]);
        }
    }

    /// <summary>x with 0 in place of whatever the padding holds, NaN included: as a factor of 0 it would count.</summary>
    /// <param name="x">Shape <c>[batch, set, features]</c>.</param>
    public static Tensor Keep(Tensor x, Tensor? mask) => mask is null ? x : Tensor.Where(mask.Reshape(mask.Shape[0], mask.Shape[1], 1), x, 0.0);

    /// <summary>The mask as one of attention's keys.</summary>
    public static Tensor? Keys(Tensor? mask) => mask?.Reshape(mask.Shape[0], 1, 1, mask.Shape[1]);
}
