using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>92 numbers from a mixture of 20 multivariate Student's t with 2 degrees of freedom, with the constants of the published task.</summary>
/// <remarks>
/// Locations 15 z; scale matrices L Lᵀ with L = 3 (tril z + diag exp z), each z a standard normal of NumPy's seed 42. Equal to the task's stored constants to a few units
/// of the last place of float64 (its exponentials are of another library).
/// </remarks>
internal sealed class DistractorNoise
{
    /// <summary>Numbers in a draw.</summary>
    public const int Dimension = 92;

    /// <summary>Parts of the mixture.</summary>
    public const int Components = 20;

    private static readonly Lazy<DistractorNoise> Shared = new(() => new());
    private readonly double[][] _locations = new double[Components][];
    private readonly double[][] _factors = new double[Components][];

    private DistractorNoise()
    {
        var random = new NumPyRandom(42);
        for (int c = 0; c < Components; c++)
        {
            _locations[c] = Normals(random, 15);
        }

        for (int c = 0; c < Components; c++)
        {
            double[] factor = _factors[c] = new double[Dimension * (Dimension + 1) / 2];
            for (int row = 0; row < Dimension; row++)
            {
                double[] whole = Normals(random, 3);
                whole.AsSpan(0, row + 1).CopyTo(factor.AsSpan(Row(row)));
            }

            double[] diagonal = Normals(random, 1);
            for (int row = 0; row < Dimension; row++)
            {
                factor[Row(row) + row] += 3 * Math.Exp(diagonal[row]);
            }
        }

        Permutation = random.Permutation(8 + Dimension);
    }

    /// <summary>The constants are half a megabyte and take milliseconds to make, so they are made once, when first wanted.</summary>
    public static DistractorNoise Published => Shared.Value;

    /// <summary>Output i of the task is number <c>Permutation[i]</c> of its eight informative ones followed by these 92.</summary>
    public int[] Permutation { get; }

    /// <summary>Shape <c>[92]</c>.</summary>
    public ReadOnlySpan<double> Location(int component) => _locations[component];

    /// <summary>The row of a lower triangular factor up to its diagonal, which may be negative. Shape <c>[row + 1]</c>.</summary>
    public ReadOnlySpan<double> Factor(int component, int row) => _factors[component].AsSpan(Row(row), row + 1);

    /// <summary>Draws the numbers, number k at place <c>places[k]</c> of x.</summary>
    /// <remarks>
    /// As a normal of random precision, from independent noise. That is the well-conditioned direction: random triangular factors have condition numbers up to 10²⁴, so to
    /// find the noise behind given numbers, and with it their density, float64 does not suffice.
    /// </remarks>
    public void Run<TReal, TTrace>(Span<TReal> x, ref TTrace trace, ReadOnlySpan<int> places)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> weights = stackalloc TReal[Components], noise = stackalloc TReal[Dimension];
        weights.Fill(TReal.One);
        int component = trace.Pick(new Site("component"), weights);

        // Gamma(df / 2, df / 2) for 2 degrees of freedom.
        TReal spread = TReal.One / TReal.Sqrt(trace.Draw(new Site("precision"), Law.Exponential(TReal.One)));
        for (int k = 0; k < Dimension; k++)
        {
            noise[k] = trace.Draw(new Site("noise", k), Law.Normal(TReal.Zero, TReal.One));
            ReadOnlySpan<double> row = Factor(component, k);
            TReal sum = TReal.Zero;
            for (int j = 0; j < row.Length; j++)
            {
                sum += TReal.CreateTruncating(row[j]) * noise[j];
            }

            x[places[k]] = TReal.CreateTruncating(_locations[component][k]) + (spread * sum);
        }
    }

    private static int Row(int row) => row * (row + 1) / 2;

    private static double[] Normals(NumPyRandom random, double scale)
    {
        double[] values = new double[Dimension];
        foreach (ref double value in values.AsSpan())
        {
            value = scale * random.NextNormal();
        }

        return values;
    }
}
