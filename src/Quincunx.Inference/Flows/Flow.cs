using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A density on R^d: a chain of bijections from data to independent standard normals.</summary>
public sealed class Flow : IModule
{
    private readonly IBijection[] _steps;

    /// <exception cref="ArgumentException">There is no step, or their dimensions differ.</exception>
    public Flow(IEnumerable<IBijection> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        _steps = [.. steps];
        if (_steps.Length == 0 || Array.Exists(_steps, s => s.Dimension != _steps[0].Dimension))
        {
            throw new ArgumentException("Expected one or more steps of one dimension.", nameof(steps));
        }
    }

    public int Dimension => _steps[0].Dimension;

    public IReadOnlyList<IBijection> Steps => _steps;

    /// <summary>log-density of each row.</summary>
    /// <param name="x">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="context">Shape <c>[n, c]</c>, <c>[1, c]</c> or null.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    public Tensor LogProb(Tensor x, Tensor? context = null)
    {
        ShapeException.ThrowUnless(x, -1, Dimension);
        Transformed noise = Chain(x.Transpose(), context?.Transpose());
        Tensor logNormal = ((noise.Value * noise.Value).Sum(axis: 0) * -0.5) - (0.5 * Dimension * Math.Log(2 * Math.PI));
        return logNormal + noise.LogDet;
    }

    /// <summary>From data to noise, with the log-determinant of the whole chain.</summary>
    /// <param name="x">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="context">Shape <c>[n, c]</c>, <c>[1, c]</c> or null.</param>
    public Transformed ToNoise(Tensor x, Tensor? context = null)
    {
        ShapeException.ThrowUnless(x, -1, Dimension);
        return Rows(Chain(x.Transpose(), context?.Transpose()));
    }

    /// <summary>From noise to data, with the log-determinant of that direction.</summary>
    /// <param name="noise">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="context">Shape <c>[n, c]</c>, <c>[1, c]</c> or null.</param>
    public Transformed FromNoise(Tensor noise, Tensor? context = null)
    {
        ShapeException.ThrowUnless(noise, -1, Dimension);
        Tensor columns = noise.Transpose();
        Tensor? contexts = context?.Transpose();
        Transformed all = _steps[^1].Inverse(columns, contexts);
        for (int i = _steps.Length - 2; i >= 0; i--)
        {
            Transformed next = _steps[i].Inverse(all.Value, contexts);
            all = new Transformed(next.Value, all.LogDet + next.LogDet);
        }

        return Rows(all);
    }

    /// <summary>Draws rows.</summary>
    /// <param name="count">Number of rows; the context has as many, or one.</param>
    /// <returns>Shape <c>[count, Dimension]</c>.</returns>
    public Tensor Sample(int count, Rng rng, Tensor? context = null, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double[] noise = new double[count * Dimension];
        rng.FillNormal(noise);
        return FromNoise(Tensor.From(noise, new Shape(count, Dimension), dtype), context).Value;
    }

    private Transformed Chain(Tensor columns, Tensor? contexts)
    {
        Transformed all = _steps[0].Forward(columns, contexts);
        for (int i = 1; i < _steps.Length; i++)
        {
            Transformed next = _steps[i].Forward(all.Value, contexts);
            all = new Transformed(next.Value, all.LogDet + next.LogDet);
        }

        return all;
    }

    private static Transformed Rows(Transformed columns) => columns with { Value = columns.Value.Transpose() };

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("steps", _steps);
    }
}
