using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>The vector instructions in use, chosen once from the processor.</summary>
internal static class Simd
{
    private static SimdLevel _level = Best;

    /// <summary>The highest level of this processor.</summary>
    internal static SimdLevel Best =>
        Avx512F.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated ? SimdLevel.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? SimdLevel.Avx2
        : SimdLevel.None;

    /// <summary>The level in use. It is process wide: only tests and benchmarks set it, while nothing else runs.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the level.</exception>
    internal static SimdLevel Level
    {
        get => _level;
        set => _level = value <= Best ? value : throw new PlatformNotSupportedException($"Expected at most {Best}, got {value}.");
    }
}
