using System.Collections.Concurrent;
using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>What a Fourier transform of one length needs to know: factors and roots of unity. Immutable, made once and kept.</summary>
internal sealed class FftPlan<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // A transform of one lane from this length on is split in two, whose lanes fill registers.
    private const int LeastSplit = 64;

    private static readonly ConcurrentDictionary<int, FftPlan<T>> Plans = [];

    // What has another prime factor goes through a convolution.
    private static readonly int[] Radices = [4, 2, 3, 5, 7, 11, 13];

    private FftPlan(int n)
    {
        N = n;
        int rest = n;
        var passes = new List<FftPass<T>>();
        foreach (int radix in Radices)
        {
            for (; rest % radix == 0 && rest > 1; rest /= radix)
            {
                passes.Add(new FftPass<T>(radix, rest / radix));
            }
        }

        if (rest > 1)
        {
            Convolution = new FftConvolution<T>(n);
            return;
        }

        Passes = [.. passes];
        int side = (int)Math.Sqrt(n);
        while (n >= LeastSplit && n % side != 0)
        {
            side--;
        }

        if (n >= LeastSplit && side >= 4)
        {
            Split = (Of(side), Of(n / side));
            SplitRoots = Roots.Of<T>(n, side, n / side);
        }
    }

    public int N { get; }

    /// <summary>Passes over the data, in their order.</summary>
    public FftPass<T>[] Passes { get; } = [];

    /// <summary>For a length with a large prime factor: the convolution that takes the place of passes.</summary>
    public FftConvolution<T>? Convolution { get; }

    /// <summary>For one lane: it is a matrix whose columns, and then rows, are transformed.</summary>
    public (FftPlan<T> Columns, FftPlan<T> Rows)? Split { get; }

    /// <summary>The roots between the two, exp(-2πi j k / n), row-major.</summary>
    public (T[] Real, T[] Imaginary) SplitRoots { get; } = ([], []);

    public static FftPlan<T> Of(int n) => Plans.GetOrAdd(n, static n => new FftPlan<T>(n));

    /// <summary>Numbers from one row of a buffer to the next, where it holds so many lanes: whole registers, or 1 for a single lane that is split.</summary>
    public int Pitch(int lanes)
    {
        if (lanes == 1 && (Split is not null || Convolution?.Plan.Pitch(1) == 1))
        {
            return 1;
        }

        int width = Fft.Width<T>();
        return (lanes + width - 1) / width * width;
    }

    /// <summary>Numbers of each of four buffers for so many lanes.</summary>
    public int Space(int lanes)
    {
        if (Convolution is { } convolution)
        {
            return convolution.Plan.Space(lanes);
        }

        return lanes == 1 && Split is var (columns, rows)
            ? Math.Max(columns.Space(rows.N), rows.Space(columns.N))
            : checked(N * Pitch(lanes));
    }
}
