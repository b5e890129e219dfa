using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>
/// The action of a real scalar field on an L × L torus: <c>S = Σₓ [ Σ_μ (2 φ² - φ φ₊μ - φ φ₋μ) + m² φ² + λ φ⁴ ]</c>, without the usual factors 1/2.
/// </summary>
/// <remarks>
/// Conventions of Albergo et al. 2021, arXiv:2101.08176. The density exp(-S) is proper for λ &gt; 0, and for λ = 0 and m² &gt; 0, where it is normal with
/// <c>⟨|φₖ|²⟩ = 1 / (2 (m² + Σ_μ (2 - 2 cos k_μ)))</c>. S is even in φ and unchanged by translations.
/// </remarks>
/// <param name="Size">L, at least 2.</param>
/// <param name="MassSquared">m², of any sign where λ is positive.</param>
/// <param name="Coupling">λ, not negative.</param>
public sealed record PhiFourAction(int Size, double MassSquared, double Coupling)
{
    /// <summary>Number of sites.</summary>
    public int Sites => Size * Size;

    // Both neighbours of each direction give 2 φ² at every site.
    private double Square => 4 + MassSquared;

    /// <summary>S of each field.</summary>
    /// <param name="phi">Shape <c>[batch, 1, L, L]</c>.</param>
    /// <returns>Shape <c>[batch]</c>.</returns>
    /// <exception cref="ShapeException">Another shape.</exception>
    public Tensor Of(Tensor phi)
    {
        ShapeException.ThrowUnless(phi, -1, 1, Size, Size);
        Tensor square = Tensor.Square(phi), neighbours = Shifted(phi, 2) + Shifted(phi, 3);

        // Σ φ φ₋ is Σ φ φ₊ over a torus.
        return ((square * Square) - (phi * neighbours * 2.0) + (Tensor.Square(square) * Coupling)).Sum([1, 2, 3]);
    }

    /// <summary>S of one field.</summary>
    /// <param name="phi">Shape <c>[L, L]</c>.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public double Of(ReadOnlySpan<double> phi)
    {
        RequireField(phi.Length);
        double sum = 0;
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                double here = phi[(row * Size) + column], square = here * here;
                double neighbours = phi[(Next(row) * Size) + column] + phi[(row * Size) + Next(column)];
                sum += (Square * square) - (2 * here * neighbours) + (Coupling * square * square);
            }
        }

        return sum;
    }

    /// <summary>What S changes by where one site takes another value.</summary>
    /// <param name="phi">Shape <c>[L, L]</c>.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public double Change(ReadOnlySpan<double> phi, int row, int column, double value)
    {
        RequireField(phi.Length);
        double before = phi[(row * Size) + column], a = before * before, b = value * value;
        double neighbours = phi[(Next(row) * Size) + column] + phi[(Last(row) * Size) + column] + phi[(row * Size) + Next(column)] + phi[(row * Size) + Last(column)];
        return (Square * (b - a)) - (2 * (value - before) * neighbours) + (Coupling * ((b * b) - (a * a)));
    }

    /// <exception cref="ArgumentOutOfRangeException">The lattice is too small, or the density is not proper.</exception>
    internal PhiFourAction Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Size, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(Coupling);
        return Coupling > 0 || MassSquared > 0
            ? this
            : throw new ArgumentOutOfRangeException(nameof(MassSquared), MassSquared, "Expected a positive m² where λ is 0: else exp(-S) has no integral.");
    }

    private static Tensor Shifted(Tensor phi, int axis) => Tensor.Concat([phi.Slice(axis, 1), phi.Slice(axis, 0, 1)], axis);

    private int Next(int i) => i + 1 == Size ? 0 : i + 1;

    private int Last(int i) => i == 0 ? Size - 1 : i - 1;

    private void RequireField(int length)
    {
        if (length != Sites)
        {
            throw new ArgumentException($"Expected a field of shape [{Size}, {Size}], got {length} numbers.", nameof(length));
        }
    }
}
