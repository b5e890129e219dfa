using System.Numerics;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Fourier transforms of many lanes at once, real and imaginary parts apart.</summary>
/// <remarks>
/// Lanes lie side by side in a row, so that registers are filled with lanes and roots of unity are single numbers: Stockham's ordering (Van Loan 1992, Computational
/// Frameworks for the Fast Fourier Transform, section 1.7), which needs no reversal of bits. A single long lane is a matrix (Bailey 1990, J. Supercomputing 4, 23): transforms of its columns, a
/// multiplication by roots, a transposition, and transforms of its rows, again side by side.
/// </remarks>
internal static unsafe class Fft
{
    /// <summary>Lanes of the widest registers: buffers' rows are whole ones.</summary>
    public static int Width<T>()
        where T : unmanaged => 64 / sizeof(T);

    /// <summary>Σⱼ xⱼ exp(-2πi j k / n) of each lane, in the order of k.</summary>
    /// <param name="x">Element j of the lanes is row j; rows are <see cref="FftPlan{T}.Pitch"/> apart.</param>
    public static void Forward<T>(FftPlan<T> plan, ref FftBuffers<T> x, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (plan.Convolution is { } convolution)
        {
            convolution.Forward(ref x, lanes);
        }
        else if (lanes == 1 && plan.Split is var (columns, rows))
        {
            ForwardSplit(plan, columns, rows, ref x);
        }
        else
        {
            int stride = plan.Pitch(lanes);
            foreach (FftPass<T> pass in plan.Passes)
            {
                Run(pass, x, stride);
                x = x.Swap();
                stride *= pass.Radix;
            }
        }
    }

    private static void Run<T>(FftPass<T> pass, FftBuffers<T> x, int stride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                FftButterflies.Run<T, Vector512<T>, Lanes512<T>>(pass, x, stride);
                break;
            case SimdLevel.Avx2:
                FftButterflies.Run<T, Vector256<T>, Lanes256<T>>(pass, x, stride);
                break;
            default:
                FftButterflies.Run<T, Vector128<T>, Lanes128<T>>(pass, x, stride);
                break;
        }
    }

    // x[a, b] of side₁ by side₂ becomes y[k₂, k₁], which in memory is the order of k = k₁ + side₁ k₂.
    private static void ForwardSplit<T>(FftPlan<T> plan, FftPlan<T> columns, FftPlan<T> rows, ref FftBuffers<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int high, int wide) = (columns.N, rows.N);
        (int pitch, int pitchTurned) = (columns.Pitch(wide), rows.Pitch(high));
        if (pitch != wide)
        {
            Repitch(ref x, high, wide, wide, pitch);
        }

        Forward(columns, ref x, wide);
        Turn(plan, x, high, wide, pitch, pitchTurned);
        x = x.Swap();
        Forward(rows, ref x, high);
        if (pitchTurned != high)
        {
            Repitch(ref x, wide, high, pitchTurned, high);
        }
    }

    private static void Turn<T>(FftPlan<T> plan, FftBuffers<T> x, int high, int wide, int pitch, int pitchTurned)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (T[] rootsReal, T[] rootsImaginary) = plan.SplitRoots;
        for (int i = 0; i < high; i++)
        {
            Span<T> real = new(x.Real + (i * pitch), wide), imaginary = new(x.Imaginary + (i * pitch), wide);
            FftButterflies.Multiply(real, imaginary, rootsReal.AsSpan(i * wide, wide), rootsImaginary.AsSpan(i * wide, wide));
        }

        if (pitch == wide && pitchTurned == high)
        {
            Transposition.Run<T>(new ReadOnlySpan<T>(x.Real, high * wide), new Span<T>(x.OtherReal, high * wide), high, wide);
            Transposition.Run<T>(new ReadOnlySpan<T>(x.Imaginary, high * wide), new Span<T>(x.OtherImaginary, high * wide), high, wide);
            return;
        }

        for (int i = 0; i < high; i++)
        {
            for (int j = 0; j < wide; j++)
            {
                x.OtherReal[(j * pitchTurned) + i] = x.Real[(i * pitch) + j];
                x.OtherImaginary[(j * pitchTurned) + i] = x.Imaginary[(i * pitch) + j];
            }
        }
    }

    private static void Repitch<T>(ref FftBuffers<T> x, int rows, int length, int from, int to)
        where T : unmanaged
    {
        for (int i = 0; i < rows; i++)
        {
            new Span<T>(x.Real + (i * from), length).CopyTo(new Span<T>(x.OtherReal + (i * to), length));
            new Span<T>(x.Imaginary + (i * from), length).CopyTo(new Span<T>(x.OtherImaginary + (i * to), length));
        }

        x = x.Swap();
    }
}
