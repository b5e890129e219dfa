using System.Numerics;
using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Numerics.Optimisation;

/// <summary>One gradient for each of some parameters, in memory that is kept from step to step and that no scope owns.</summary>
/// <remarks>Where the parts of a batch are differentiated on several threads, each has a buffer, and they are added in a fixed order.</remarks>
public sealed class GradientBuffer
{
    private readonly Tensor[] _values;

    public GradientBuffer(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _values = [.. parameters.Select(p => Tensor.Zeros(p.Shape, p.DType).CopyUnpooled())];
    }

    private GradientBuffer(Tensor[] values) => _values = values;

    /// <summary>Of no parameters.</summary>
    internal static GradientBuffer Empty { get; } = new(Array.Empty<Tensor>());

    /// <summary>The current contents, one a parameter; always the same tensors, overwritten in place.</summary>
    public IReadOnlyList<Tensor> Values => _values;

    /// <summary>Gradients where they lie, to be changed in place.</summary>
    /// <param name="values">One a parameter, none of which share memory.</param>
    internal static GradientBuffer Over(Tensor[] values) => new(values);

    /// <summary>Overwrites the contents.</summary>
    /// <exception cref="ArgumentException">Gradients of other parameters.</exception>
    public void Set(IReadOnlyList<Tensor> gradients)
    {
        Check(gradients);
        for (int i = 0; i < _values.Length; i++)
        {
            gradients[i].Bytes.CopyTo(_values[i].Bytes);
        }
    }

    /// <summary>Adds gradients of the same parameters.</summary>
    /// <exception cref="ArgumentException">Gradients of other parameters.</exception>
    public void Add(IReadOnlyList<Tensor> gradients)
    {
        Check(gradients);
        for (int i = 0; i < _values.Length; i++)
        {
            if (_values[i].DType == DType.Float32)
            {
                TensorPrimitives.Add(_values[i].AsSpan<float>(), gradients[i].AsSpan<float>(), _values[i].Writable<float>());
            }
            else
            {
                TensorPrimitives.Add(_values[i].AsSpan<double>(), gradients[i].AsSpan<double>(), _values[i].Writable<double>());
            }
        }
    }

    /// <summary>Overwrites the contents with the sum of two sets of gradients.</summary>
    internal void SetSum(IReadOnlyList<Tensor> a, IReadOnlyList<Tensor> b)
    {
        Check(a);
        Check(b);
        for (int i = 0; i < _values.Length; i++)
        {
            if (_values[i].DType == DType.Float32)
            {
                TensorPrimitives.Add(a[i].AsSpan<float>(), b[i].AsSpan<float>(), _values[i].Writable<float>());
            }
            else
            {
                TensorPrimitives.Add(a[i].AsSpan<double>(), b[i].AsSpan<double>(), _values[i].Writable<double>());
            }
        }
    }

    /// <summary>Multiplies the contents.</summary>
    public void Scale(double factor)
    {
        foreach (Tensor values in _values)
        {
            if (values.DType == DType.Float32)
            {
                TensorPrimitives.Multiply(values.AsSpan<float>(), (float)factor, values.Writable<float>());
            }
            else
            {
                TensorPrimitives.Multiply(values.AsSpan<double>(), factor, values.Writable<double>());
            }
        }
    }

    /// <summary>The Euclidean norm of all gradients together, summed in float64; NaN or infinite where one of them is.</summary>
    public double Norm()
    {
        double sum = 0;
        foreach (Tensor values in _values)
        {
            sum += values.DType == DType.Float32 ? SumOfSquares(values.AsSpan<float>()) : TensorPrimitives.SumOfSquares(values.AsSpan<double>());
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Scales the contents down to a norm, keeping their direction (Pascanu et al. 2013, arXiv:1211.5063).</summary>
    /// <returns>The norm before. Where it is not finite nothing is changed, and the caller must not step.</returns>
    public double Clip(double maximumNorm)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumNorm);
        double norm = Norm();
        if (double.IsFinite(norm) && norm > maximumNorm)
        {
            Scale(maximumNorm / norm);
        }

        return norm;
    }

    // Squares of float32 are exact in float64, so that no gradient that is finite has an infinite norm.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        Vector<double> low = default, high = default;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> a, out Vector<double> b);
            low += a * a;
            high += b * b;
        }

        double sum = Vector.Sum(low + high);
        for (; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i];
        }

        return sum;
    }

    private void Check(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != _values.Length)
        {
            throw new ArgumentException($"Expected {_values.Length} gradients, got {gradients.Count}.", nameof(gradients));
        }

        for (int i = 0; i < _values.Length; i++)
        {
            if (gradients[i].Shape != _values[i].Shape || gradients[i].DType != _values[i].DType)
            {
                throw new ArgumentException(
                    $"Gradient {i}: expected {_values[i].DType}{_values[i].Shape}, got {gradients[i].DType}{gradients[i].Shape}.", nameof(gradients));
            }
        }
    }
}
