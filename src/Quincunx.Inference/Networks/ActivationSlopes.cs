using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Derivatives of activations as operations, for networks that carry their own Jacobian.</summary>
internal static class ActivationSlopes
{
    /// <exception cref="ArgumentException">The activation's derivative is not continuous, or not offered.</exception>
    public static void RequireSmooth(Activation activation, string name)
    {
        if (activation is not (Activation.Tanh or Activation.Softplus or Activation.Silu))
        {
            throw new ArgumentException($"Expected a smooth activation (Tanh, Softplus or Silu), got {activation}.", name);
        }
    }

    /// <summary>The derivative at x of an activation that gave y there.</summary>
    public static Tensor Slope(this Activation activation, Tensor x, Tensor y)
    {
        if (activation == Activation.Tanh)
        {
            return 1 - Tensor.Square(y);
        }

        Tensor sigmoid = Tensor.Sigmoid(x);
        return activation == Activation.Softplus ? sigmoid : sigmoid + (y * (1 - sigmoid));
    }
}
