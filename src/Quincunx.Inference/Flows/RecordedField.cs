using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Any function of tensors as a velocity field: its divergence follows from a record of it.</summary>
/// <remarks>
/// The exact divergence takes one backward pass for each element of a column, an estimate by noise takes one. Columns must not mix: what a column becomes may depend on that column, its
/// context and the time alone.
/// </remarks>
public sealed class RecordedField : IVelocityField
{
    private readonly Func<double, Tensor, Tensor?, Tensor> _function;
    private readonly IModule? _module;

    /// <param name="function">f(t, x, context) with x and f of shape <c>[dimension, n]</c>.</param>
    /// <param name="module">Whose weights the function reads; null for none.</param>
    public RecordedField(int dimension, Func<double, Tensor, Tensor?, Tensor> function, IModule? module = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(function);
        (Dimension, _function, _module) = (dimension, function, module);
    }

    public int Dimension { get; }

    /// <inheritdoc/>
    public Tensor Velocity(double t, Tensor x, Tensor? context)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        Tensor velocity = _function(t, x, context);
        ShapeException.ThrowUnless(velocity, Dimension, x.Shape[1]);
        return velocity;
    }

    /// <inheritdoc/>
    public (Tensor Velocity, Tensor Divergence) WithDivergence(double t, Tensor x, Tensor? context, Tensor? noise)
    {
        ArgumentNullException.ThrowIfNull(x);
        bool recorded = Recording.IsOn;
        Tensor own = recorded && x.IsTracked ? x : x.Detach().Track(), velocity;
        Tensor[] outputs;
        using (Recording.Resume())
        {
            velocity = Velocity(t, own, context);
            outputs = noise is null ? [.. Enumerable.Range(0, Dimension).Select(i => velocity.At(0, i))] : [velocity];
        }

        Tensor divergence = Tensor.Zeros(new Shape(x.Shape[1]), x.DType);
        if (!velocity.IsTracked)
        {
            return (velocity, divergence);              // the same everywhere
        }

        // What is pulled back is all columns' element i at once, since each column's share is its own.
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor along = noise ?? Tensor.Ones(outputs[i].Shape, x.DType);
            Tensor pulled = Gradient.Partial(outputs[i], along, [own], differentiable: recorded)[0];
            divergence += noise is null ? pulled.At(0, i) : (pulled * noise).Sum(axis: 0);
        }

        return (recorded ? velocity : velocity.Detach(), divergence);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (_module is not null)
        {
            tree.Add("module", _module);
        }
    }
}
