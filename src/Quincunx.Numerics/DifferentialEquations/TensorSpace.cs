using System.Diagnostics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>States that are one or more tensors. Unless they are recorded, each step has a scope of its own.</summary>
/// <param name="recorded">Whether derivatives go through the steps: then all of their memory has to stay.</param>
internal sealed class TensorSpace(bool recorded, double relativeTolerance, double absoluteTolerance) : IStateSpace<Tensor[]>, IDisposable
{
    private readonly TensorScope? _whole = recorded ? null : new TensorScope();
    private TensorScope? _step;

    public void Combine(ref Tensor[]? into, ReadOnlySpan<double> weights, ReadOnlySpan<Tensor[]?> terms)
    {
        var result = new Tensor[terms[0]!.Length];
        for (int part = 0; part < result.Length; part++)
        {
            result[part] = Combine(weights, terms, part);
        }

        into = result;
    }

    /// <summary>The largest of the norms of the tensors.</summary>
    public double Norm(ReadOnlySpan<double> weights, ReadOnlySpan<Tensor[]?> terms, Tensor[] a, Tensor[] b)
    {
        using Recording.Pause pause = Recording.Off();
        using var scope = new TensorScope();
        double norm = 0;
        for (int part = 0; part < a.Length; part++)
        {
            Tensor x = Combine(weights, terms, part);
            norm = Math.Max(norm, x.DType == DType.Float32
                ? ErrorNorm.Of(x.AsSpan<float>(), a[part].AsSpan<float>(), b[part].AsSpan<float>(), relativeTolerance, absoluteTolerance)
                : ErrorNorm.Of(x.AsSpan<double>(), a[part].AsSpan<double>(), b[part].AsSpan<double>(), relativeTolerance, absoluteTolerance));
        }

        return norm;
    }

    // Not through AsSpan: a replay may go without this look at the elements, as nothing is computed from it.
    public bool IsFinite(Tensor[] state) => Array.TrueForAll(
        state, x => x.DType == DType.Float32 ? ErrorNorm.IsFinite(x.Elements<float>()) : ErrorNorm.IsFinite(x.Elements<double>()));

    public void OpenStep()
    {
        Debug.Assert(_step is null, "Steps do not nest.");
        _step = recorded ? null : new TensorScope();
    }

    public void Keep(Tensor[] state)
    {
        foreach (Tensor part in state)
        {
            _step?.Keep(part);
        }
    }

    public void CloseStep()
    {
        _step?.Dispose();
        _step = null;
    }

    public void Drop(Tensor[] state)
    {
        foreach (Tensor part in state)
        {
            _whole?.GiveBack(part.Storage);
        }
    }

    /// <summary>Hands a result to whoever called the solver.</summary>
    public Tensor Release(Tensor result) => _whole?.Keep(result) ?? result;

    public void Dispose()
    {
        CloseStep();
        _whole?.Dispose();
    }

    private static Tensor Combine(ReadOnlySpan<double> weights, ReadOnlySpan<Tensor[]?> terms, int part)
    {
        Span<double> factors = stackalloc double[terms.Length];
        var tensors = new Tensor[terms.Length];
        int count = 0;
        for (int k = 0; k < terms.Length; k++)
        {
            if (weights[k] != 0)
            {
                factors[count] = weights[k];
                tensors[count++] = terms[k]![part];
            }
        }

        Tensor first = terms[0]![part];
        return count == 0 ? Tensor.Zeros(first.Shape, first.DType) : Tensor.Combination(factors[..count], tensors.AsSpan(0, count));
    }
}
