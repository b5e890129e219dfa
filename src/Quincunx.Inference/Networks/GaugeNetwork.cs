using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A network on the Wilson loops of U(1) links in two dimensions: its outputs, one set at each plaquette, do not change under gauge transformations.</summary>
/// <remarks>
/// As in Kanwar et al. 2020 (arXiv:2003.06413) the links are read through invariants alone: cosine and sine of the angles of square loops, which in U(1) are sums of the plaquettes inside. Loops that
/// wind around the lattice are not seen. A charge parity is made by averaging over θ and -θ, which swaps the signs of the sines.
/// </remarks>
public sealed class GaugeNetwork : IModule
{
    private readonly GaugeNetworkOptions _options;
    private readonly LatticeNetwork _network;
    private readonly Tensor?[] _areas;

    /// <param name="outputs">Numbers at each plaquette.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public GaugeNetwork(int outputs, GaugeNetworkOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
        _network = new LatticeNetwork(2 * options.Loops.Count, outputs, options.Network, rng);

        // Sums over the squares inside; a parameter's memory, so that recordings may read it.
        _areas = [.. options.Loops.Select(side => side == 1
            ? null
            : new Parameter(Tensor.Ones(new Shape(1, 1, side, side), options.Network.DType), isTrained: false).Value)];
    }

    /// <param name="links">Shape <c>[batch, 2, L₀, L₁]</c> (<see cref="GaugeLinks"/>).</param>
    /// <returns>Shape <c>[batch, outputs, L₀, L₁]</c>.</returns>
    /// <exception cref="ShapeException">The links have another shape.</exception>
    public Tensor Forward(Tensor links)
    {
        Tensor plaquettes = GaugeLinks.Plaquettes(links);
        var cosines = new Tensor[_areas.Length];
        var sines = new Tensor[_areas.Length];
        for (int i = 0; i < _areas.Length; i++)
        {
            Tensor angles = _areas[i] is { } area
                ? Tensor.Convolution(plaquettes, area, window: new WindowOptions { Padding = [area.Shape[-1] / 2], PaddingKind = PaddingKind.Circular })
                : plaquettes;
            (cosines[i], sines[i]) = (Tensor.Cos(angles), Tensor.Sin(angles));
        }

        Tensor even = Tensor.Concat(cosines, axis: 1), odd = Tensor.Concat(sines, axis: 1), loops = Tensor.Concat([even, odd], axis: 1);
        if (_options.Charge == FieldParity.None)
        {
            return _network.Forward(loops);
        }

        int batch = links.Shape[0];
        Tensor both = _network.Forward(Tensor.Concat([loops, Tensor.Concat([even, -odd], axis: 1)]));
        Tensor there = both.Slice(0, 0, batch), conjugate = both.Slice(0, batch, batch);
        return (_options.Charge == FieldParity.Even ? there + conjugate : there - conjugate) * 0.5;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("network", _network);
    }
}
