using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Special;

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
    private readonly double[] _logDeterminants = new double[Components];

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
                double entry = factor[Row(row) + row] += 3 * Math.Exp(diagonal[row]);
                _logDeterminants[c] += Math.Log(Math.Abs(entry));
            }
        }

        Permutation = random.Permutation(2 * 4 + Dimension);
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
    /// <remarks>A t is a normal with random precision, and a multivariate normal is drawn a coordinate at a time, each given those before.</remarks>
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
            ReadOnlySpan<double> row = Factor(component, k);
            TReal sum = TReal.Zero;
            for (int j = 0; j < k; j++)
            {
                sum += TReal.CreateTruncating(row[j]) * noise[j];
            }

            TReal mean = TReal.CreateTruncating(_locations[component][k]) + (spread * sum), sd = spread * TReal.CreateTruncating(Math.Abs(row[k]));
            TReal value = trace.Draw(Site.Output(places[k]), Law.Normal(mean, sd));
            x[places[k]] = value;
            noise[k] = (value - mean) / (spread * TReal.CreateTruncating(row[k]));
        }
    }

    /// <summary>log p of the 92 numbers.</summary>
    public double LogDensity(ReadOnlySpan<double> y)
    {
        Span<double> terms = stackalloc double[Components], noise = stackalloc double[Dimension];
        for (int c = 0; c < Components; c++)
        {
            double squares = 0;
            for (int k = 0; k < Dimension; k++)
            {
                ReadOnlySpan<double> row = Factor(c, k);
                double sum = y[k] - _locations[c][k];
                for (int j = 0; j < k; j++)
                {
                    sum -= row[j] * noise[j];
                }

                noise[k] = sum / row[k];
                squares += noise[k] * noise[k];
            }

            // Γ((2 + d) / 2) / (Γ(1) (2π)^(d/2) |L|) (1 + z² / 2)^(−(2 + d) / 2)
            terms[c] = SpecialFunctions.LogGamma(0.5 * (2 + Dimension)) - (0.5 * Dimension * Math.Log(Math.Tau)) - _logDeterminants[c]
                - (0.5 * (2 + Dimension) * SpecialFunctions.Log1p(0.5 * squares));
        }

        return SpecialFunctions.LogSumExp(terms) - Math.Log(Components);
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
