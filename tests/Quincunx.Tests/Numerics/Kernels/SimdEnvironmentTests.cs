using System.Runtime.Intrinsics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

public sealed class SimdEnvironmentTests
{
    /// <summary>Names the highest level that the environment leaves, where a run of the tests takes instructions away.</summary>
    private const string Variable = "QUINCUNX_SIMD";

    // The runtime ignores a variable that it does not know, so that a run "without SIMD" might be one with all of it.
    [Fact]
    public void Best_WhereInstructionsAreTakenAway_IsNotAboveWhatIsLeft()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } level)
        {
            Assert.True(Simd.Best <= Enum.Parse<SimdLevel>(level), $"Expected at most {level}, got {Simd.Best}.");
            Assert.False(Vector512.IsHardwareAccelerated);
            Assert.False(level == nameof(SimdLevel.None) && (Vector256.IsHardwareAccelerated || System.Numerics.Vector.IsHardwareAccelerated));
        }
    }
}
