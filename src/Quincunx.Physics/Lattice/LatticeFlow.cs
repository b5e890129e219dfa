using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>A density on fields: independent standard normals at the sites, carried through couplings of alternating colour.</summary>
public sealed class LatticeFlow : IModule
{
    private readonly LatticeCoupling[] _couplings;

    /// <param name="size">L, even.</param>
    /// <param name="couplings">At least 1; two of them move every site once.</param>
    /// <param name="channels">Widths of the hidden layers of each coupling's network.</param>
    /// <param name="kernel">Side of the windows.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public LatticeFlow(int size, int couplings, IReadOnlyList<int> channels, int kernel, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(couplings);
        ArgumentNullException.ThrowIfNull(rng);
        (Size, DType) = (size, dtype);
        _couplings = [.. Enumerable.Range(0, couplings).Select(i => new LatticeCoupling(size, i % 2, channels, kernel, rng.Split(i), dtype))];
    }

    /// <summary>L.</summary>
    public int Size { get; }

    public DType DType { get; }

    /// <summary>From noise to fields.</summary>
    /// <param name="noise">Shape <c>[batch, 1, L, L]</c>, standard normal.</param>
    /// <returns>The fields, and log q of each, of shape <c>[batch]</c>.</returns>
    public (Tensor Phi, Tensor LogProb) FromNoise(Tensor noise)
    {
        Tensor phi = noise, logProb = LogNormal(noise);
        foreach (LatticeCoupling coupling in _couplings)
        {
            Transformed next = coupling.Forward(phi);
            (phi, logProb) = (next.Value, logProb - next.LogDet);
        }

        return (phi, logProb);
    }

    /// <summary>From fields to noise.</summary>
    /// <param name="phi">Shape <c>[batch, 1, L, L]</c>.</param>
    /// <returns>The noise, and log q of each field, of shape <c>[batch]</c>.</returns>
    public (Tensor Noise, Tensor LogProb) ToNoise(Tensor phi)
    {
        Tensor noise = phi;
        Tensor? logDet = null;
        for (int i = _couplings.Length - 1; i >= 0; i--)
        {
            Transformed next = _couplings[i].Inverse(noise);
            (noise, logDet) = (next.Value, logDet is null ? next.LogDet : logDet + next.LogDet);
        }

        return (noise, LogNormal(noise) + logDet!);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("couplings", _couplings);
    }

    private Tensor LogNormal(Tensor noise)
    {
        ShapeException.ThrowUnless(noise, -1, 1, Size, Size);
        return (Tensor.Square(noise).Sum([1, 2, 3]) * -0.5) - (0.5 * Size * Size * Math.Log(2 * Math.PI));
    }
}
