using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A convolution over a periodic lattice whose window is tied under the lattice's own symmetries.</summary>
/// <remarks>Elements of the window that rotations and reflections map onto each other share one weight: a 3 x 3 window has nine, or three
/// with rotations, which are its reflections' orbits as well; a 5 x 5 window has 25, seven with rotations and six with reflections too.</remarks>
public sealed class LatticeConvolution : IModule
{
    private readonly Indices? _orbitOf;
    private readonly WindowOptions _window;
    private readonly Shape _kernel;

    /// <param name="inputs">Channels before.</param>
    /// <param name="outputs">Channels after.</param>
    /// <param name="axes">Of the lattice, 1 to 3.</param>
    /// <param name="side">Of the window; odd.</param>
    /// <param name="bias">Whether each channel has an offset; without one the map is linear, so that it turns its sign with the field's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there are more than three axes.</exception>
    /// <exception cref="ArgumentException">The side is even.</exception>
    public LatticeConvolution(
        int inputs, int outputs, int axes, int side, Rng rng, LatticeSymmetry symmetry = LatticeSymmetry.Translations, bool bias = true,
        Initialiser initialiser = Initialiser.LeCunUniform, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(axes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes, 3);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        if (int.IsEvenInteger(side))
        {
            throw new ArgumentException($"Expected a window with a middle, got an even side of {side}.", nameof(side));
        }

        (int[] orbitOf, int[] first) = LatticeOrbits.Of(axes, side, symmetry);
        _kernel = new Shape([outputs, inputs, .. Enumerable.Repeat(side, axes)]);
        _window = new WindowOptions { Padding = [side / 2], PaddingKind = PaddingKind.Circular };
        _orbitOf = first.Length == orbitOf.Length ? null : Indices.From(orbitOf, new Shape(orbitOf.Length));
        Tensor drawn = initialiser.Draw(outputs, inputs * orbitOf.Length, rng, dtype).Reshape(outputs, inputs, orbitOf.Length);
        Weight = new Parameter(drawn.IndexSelect(2, first));
        Bias = bias ? new Parameter(Tensor.Zeros(new Shape(outputs), dtype)) : null;
    }

    /// <summary>Shape <c>[outputs, inputs, orbits]</c>: a weight for each set of elements that symmetries map onto each other.</summary>
    public Parameter Weight { get; }

    /// <summary>Shape <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The whole window, shape <c>[outputs, inputs, …window]</c>; differentiable.</summary>
    public Tensor Kernel() => (_orbitOf is null ? Weight.Value : Weight.Value.IndexSelect(2, _orbitOf)).Reshape(_kernel);

    /// <param name="x">Shape <c>[batch, inputs, …lattice]</c>; both ends of each axis are neighbours.</param>
    /// <returns>Shape <c>[batch, outputs, …lattice]</c>.</returns>
    /// <exception cref="ShapeException">x has another number of axes or channels.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != _kernel.Rank || x.Shape[1] != _kernel[1])
        {
            throw new ShapeException($"Expected {_kernel[1]} channels on a lattice of {_kernel.Rank - 2} axes, got shape {x.Shape}.");
        }

        return Tensor.Convolution(x, Kernel(), Bias?.Value, _window);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("weight", Weight);
        if (Bias is not null)
        {
            tree.Add("bias", Bias);
        }
    }
}
