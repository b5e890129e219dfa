using Quincunx.Numerics.Kernels;
using Quincunx.Tests.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>The whole table of operations with every set of vector instructions: values, gradients of two orders, special numbers.</summary>
[Collection(SimdCollection.Name)]
public sealed class OpLevelTests
{
    public static TheoryData<string> Levels => SimdCollection.Levels;

    [Theory, MemberData(nameof(Levels))]
    public void Table_AtEachLevel_Holds(string level) => SimdCollection.RunAt(level, () =>
    {
        if (Simd.Level == Simd.Best)
        {
            // As OpTests has it.
            return;
        }

        var table = new OpTests();
        Parallel.ForEach(OpCases.All, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            table.Run_EveryShape_MatchesNaiveReference(row.Name);
            table.Run_InFloat32_AgreesWithFloat64(row.Name);
            table.Gradient_FirstAndSecondOrder_MatchCentralDifferences(row.Name);
            table.Run_OnNanInfinityAndZeros_GivesWhatTheTableStates(row.Name);
        });
    });
}
