using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>Tests that change the process-wide <see cref="Simd.Level"/> run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimdCollection
{
    public const string Name = "Simd level";

    /// <summary>The levels of this processor, by name: the enum is internal, test methods are public.</summary>
    public static TheoryData<string> Levels => [.. Enum.GetNames<SimdLevel>().Where(l => Enum.Parse<SimdLevel>(l) <= Simd.Best)];

    internal static void RunAt(string level, Action test)
    {
        SimdLevel before = Simd.Level;
        Simd.Level = Enum.Parse<SimdLevel>(level);
        try
        {
            test();
        }
        finally
        {
            Simd.Level = before;
        }
    }

    internal static void AtEachLevel(Action test)
    {
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(l => l <= Simd.Best))
        {
            RunAt(level.ToString(), test);
        }
    }
}
