using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The size of an error beside what is allowed (Hairer, Nørsett and Wanner 1993, equation II.4.11).</summary>
internal static class ErrorNorm
{
    /// <summary>√(1/n Σ (xᵢ / (atol + rtol max(|aᵢ|, |bᵢ|)))²); NaN if there is one, 0 for nothing.</summary>
    /// <remarks>Summed in eight (float64) or sixteen lanes and then across, in the same order on every processor.</remarks>
    public static double Of<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> a, ReadOnlySpan<T> b, double relative, double absolute)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int lanes = Vector512<T>.Count, whole = x.Length - (x.Length % lanes);
        var sum = Vector512<T>.Zero;
        Vector512<T> rtol = Vector512.Create(T.CreateTruncating(relative)), atol = Vector512.Create(T.CreateTruncating(absolute));
        ref T firstX = ref MemoryMarshal.GetReference(x), firstA = ref MemoryMarshal.GetReference(a), firstB = ref MemoryMarshal.GetReference(b);
        for (int i = 0; i < whole; i += lanes)
        {
            Vector512<T> size = Vector512.Max(Vector512.Abs(Vector512.LoadUnsafe(ref firstA, (nuint)i)), Vector512.Abs(Vector512.LoadUnsafe(ref firstB, (nuint)i)));
            Vector512<T> ratio = Vector512.LoadUnsafe(ref firstX, (nuint)i) / (atol + (rtol * size));
            sum += ratio * ratio;
        }

        double total = 0;
        for (int k = 0; k < lanes; k++)
        {
            total += double.CreateTruncating(sum[k]);
        }

        for (int i = whole; i < x.Length; i++)
        {
            double size = Math.Max(Math.Abs(double.CreateTruncating(a[i])), Math.Abs(double.CreateTruncating(b[i])));
            double ratio = double.CreateTruncating(x[i]) / (absolute + (relative * size));
            total += ratio * ratio;
        }

        return x.IsEmpty ? 0 : Math.Sqrt(total / x.Length);
    }

    public static bool IsFinite<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Any infinity or NaN times 0 is NaN.
        int lanes = Vector512<T>.Count, i = 0;
        var sum = Vector512<T>.Zero;
        for (; i <= x.Length - lanes; i += lanes)
        {
            sum += Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i) * Vector512<T>.Zero;
        }

        bool finite = Vector512.EqualsAll(sum, Vector512<T>.Zero);
        for (; i < x.Length; i++)
        {
            finite &= T.IsFinite(x[i]);
        }

        return finite;
    }
}
