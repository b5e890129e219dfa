using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff.Forward;

namespace Quincunx.Physics.Toys;

/// <summary>The generalized Galton board: how likely a ball turns left depends on the nail it meets and on one parameter.</summary>
/// <remarks>
/// <para>
/// 20 rows of 31 nails; a ball starts at position 15. In row l = 0, ..., 19 at position n it goes left with probability (1 − f) / 2 + f σ(10 θ (2n / 30 − 1)), where
/// σ is the logistic function and f = sin(π l / 19). In even rows left keeps n and right makes it n + 1; in odd rows left makes it n − 1 and right keeps it. The bin
/// is the last position, 5 to 25, so no ball meets an edge. The likelihood of a bin sums over up to 184,756 paths, which dynamic programming
/// over rows and positions does exactly.
/// </para>
/// <para>
/// Brehmer, Louppe, Pavez and Cranmer 2018, "Mining gold from implicit models to improve likelihood-free inference", arXiv:1805.12244, with the steepness of the code
/// published with it (its text has 5 θ (z − 1/2) for 10 θ (2z − 1)). There θ is between −1 and −0.4; any finite number will do.
/// </para>
/// </remarks>
public sealed class GeneralizedGaltonBoard : IMechanism, ILikelihood
{
    /// <summary>Rows of nails.</summary>
    public const int Rows = 20;

    /// <summary>The leftmost bin that a ball can reach.</summary>
    public const int FirstBin = Start - (Rows / 2);

    /// <summary>The rightmost bin that a ball can reach.</summary>
    public const int LastBin = Start + (Rows / 2);

    private const int Nails = 31, Start = 15;

    // The chance of a turn to the right is (1 - f) / 2 + f / (1 + exp(10 θ (2n / 30 - 1))): (1 - f) / 2 and f by row, 10 (2n / 30 - 1) by position.
    private readonly double[] _fair = new double[Rows], _tilted = new double[Rows], _slope = new double[Nails];

    /// <summary>The board.</summary>
    public GeneralizedGaltonBoard()
    {
        for (int row = 0; row < Rows; row++)
        {
            _tilted[row] = Math.Sin(Math.PI * row / (Rows - 1));
            _fair[row] = 0.5 * (1 - _tilted[row]);
        }

        for (int position = 0; position < Nails; position++)
        {
            _slope[position] = 10 * ((2.0 * position / (Nails - 1)) - 1);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

    /// <summary>The last position of one ball, from <see cref="FirstBin"/> to <see cref="LastBin"/>.</summary>
    public IReadOnlyList<string> OutputNames { get; } = ["bin"];

    /// <inheritdoc/>
    /// <remarks>Choices: <c>nail[row]</c>, 1 for a turn to the right.</remarks>
    /// <exception cref="ArgumentException">Theta is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal tilt = theta[0];
        CheckFinite(tilt);
        int position = Start;
        for (int row = 0; row < Rows; row++)
        {
            bool right = trace.Flip(new Site("nail", row), RightProbability(tilt, row, position));
            position += (right ? 1 : 0) - (row & 1);
        }

        x[0] = TReal.CreateTruncating(position);
    }

    /// <summary>Probabilities of all bins, in order from <see cref="FirstBin"/> to <see cref="LastBin"/>.</summary>
    /// <remarks>Relative error below 1e-13.</remarks>
    /// <exception cref="ArgumentException">Theta is not finite.</exception>
    public double[] Probabilities(double theta)
    {
        CheckFinite(theta);
        Span<Dual<Tangent1>> mass = stackalloc Dual<Tangent1>[Nails];
        Walk(theta, mass);
        double[] p = new double[Rows + 1];
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = mass[FirstBin + i].Value;
        }

        return p;
    }

    /// <inheritdoc/>
    /// <remarks>A log-probability. NaN for a NaN bin.</remarks>
    /// <exception cref="ArgumentException">A span is not of length 1, or theta is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        if (theta.Length != 1 || x.Length != 1)
        {
            throw new ArgumentException($"Expected 1 parameter and 1 output, got {theta.Length} and {x.Length}.");
        }

        CheckFinite(theta[0]);
        if (!IsBin(x[0]))
        {
            return double.IsNaN(x[0]) ? double.NaN : double.NegativeInfinity;
        }

        Span<Dual<Tangent1>> mass = stackalloc Dual<Tangent1>[Nails];
        Walk(theta[0], mass);
        return Math.Log(mass[(int)x[0]].Value);
    }

    /// <summary>The score of a bin: d/dθ log p(bin | θ).</summary>
    /// <exception cref="ArgumentException">Theta is not finite, or no ball falls into such a bin.</exception>
    public double Score(double theta, double bin)
    {
        CheckFinite(theta);
        if (!IsBin(bin))
        {
            throw new ArgumentOutOfRangeException(nameof(bin), bin, $"Expected a bin from {FirstBin} to {LastBin}.");
        }

        Span<Dual<Tangent1>> mass = stackalloc Dual<Tangent1>[Nails];
        Walk(theta, mass);
        return Dual<Tangent1>.Log(mass[(int)bin]).Derivative(0);
    }

    /// <summary>The Fisher information on theta in one ball: in its bin, and in its whole path, which has more.</summary>
    /// <exception cref="ArgumentException">Theta is not finite.</exception>
    public (double Bin, double Path) FisherInformation(double theta)
    {
        CheckFinite(theta);
        Span<Dual<Tangent1>> mass = stackalloc Dual<Tangent1>[Nails];
        double path = Walk(theta, mass), bins = 0;
        for (int bin = FirstBin; bin <= LastBin; bin++)
        {
            bins += mass[bin].Derivative(0) * mass[bin].Derivative(0) / mass[bin].Value;
        }

        return (bins, path);
    }

    // The chance to be at each position after all rows. Returns the Fisher information of the path, a sum over nails: the chance to meet one times q'² / (q (1 - q)).
    private double Walk(double theta, Span<Dual<Tangent1>> mass)
    {
        Span<Dual<Tangent1>> before = stackalloc Dual<Tangent1>[Nails];
        var tilt = Dual<Tangent1>.Variable(theta, 0);
        double information = 0;
        mass.Clear();
        mass[Start] = 1;
        for (int row = 0; row < Rows; row++)
        {
            mass.CopyTo(before);
            mass.Clear();
            (int first, int last) = (Start - (row / 2), Start + ((row + 1) / 2));
            for (int position = first; position <= last; position++)
            {
                Dual<Tangent1> right = RightProbability(tilt, row, position), moved = before[position] * right;
                int leftward = position - (row & 1);
                mass[leftward] += before[position] - moved;
                mass[leftward + 1] += moved;
                information += before[position].Value * right.Derivative(0) * right.Derivative(0) / (right.Value * (1 - right.Value));
            }
        }

        return information;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TReal RightProbability<TReal>(TReal tilt, int row, int position)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> =>
        TReal.CreateTruncating(_fair[row]) + (TReal.CreateTruncating(_tilted[row]) / (TReal.One + TReal.Exp(Bounded(tilt * TReal.CreateTruncating(_slope[position])))));

    // So that the exponential stays finite, and with it its derivative. Asked first, since Clamp with its care for NaN takes a quarter of the time of a nail.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Bounded<TReal>(TReal x)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal most = TReal.CreateTruncating(300);
        return x < most && x > -most ? x : TReal.Clamp(x, -most, most);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckFinite<TReal>(TReal theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (!TReal.IsFinite(theta))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), theta, "Expected a finite theta.");
        }
    }

    private static bool IsBin(double x) => x >= FirstBin && x <= LastBin && x == Math.Floor(x);
}
