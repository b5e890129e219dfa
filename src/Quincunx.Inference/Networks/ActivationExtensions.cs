using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Runs an <see cref="Activation"/>.</summary>
public static class ActivationExtensions
{
    /// <summary>The activation of each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such activation.</exception>
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => Tensor.Relu(x),
        Activation.LeakyRelu => Tensor.LeakyRelu(x),
        Activation.Elu => Tensor.Elu(x),
        Activation.Gelu => Tensor.Gelu(x),
        Activation.Silu => Tensor.Silu(x),
        Activation.Tanh => Tensor.Tanh(x),
        Activation.Softplus => Tensor.Softplus(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
