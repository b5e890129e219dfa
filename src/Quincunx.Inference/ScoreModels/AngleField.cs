using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>The probability flow dy/dφ = u(y, φ, x) as the field of a continuous flow, with φ = first + (last - first) s² for s from 0 to 1.</summary>
/// <remarks>
/// Near the parameters a sharp density bends the flow on the scale of its own width, and the square puts steps there. The context of the field is the scaled observation.
/// </remarks>
internal sealed class AngleField(ScoreNetwork network, double first, double last) : IVelocityField
{
    /// <inheritdoc/>
    public int Dimension => network.Dimension;

    /// <inheritdoc/>
    public Tensor Velocity(double t, Tensor x, Tensor? context) => network.Forward(x, Time(t, x.DType), context!) * Rate(t);

    /// <inheritdoc/>
    public (Tensor Velocity, Tensor Divergence) WithDivergence(double t, Tensor x, Tensor? context, Tensor? noise)
    {
        int d = Dimension, n = x.Shape[1];
        Tensor tangents = noise is null ? Tensor.Eye(d, x.DType).Reshape(d, d, 1).BroadcastTo(new Shape(d, d, n)) : noise.Reshape(d, 1, n);
        (Tensor value, Tensor products) = network.WithTangents(x, Time(t, x.DType), context!, tangents);
        return (value * Rate(t), (products * tangents).Sum([0, 1]) * Rate(t));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree) => network.Describe(tree);

    private double Rate(double s) => 2 * s * (last - first);

    private Tensor Time(double s, DType dtype)
    {
        Span<double> features = stackalloc double[ScoreNetwork.TimeFeatures];
        ScoreNetwork.FillTime(first + ((last - first) * s * s), features);
        return Tensor.From(features, new Shape(ScoreNetwork.TimeFeatures, 1), dtype);
    }
}
