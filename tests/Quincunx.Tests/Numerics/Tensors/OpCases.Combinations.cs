using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static readonly double[] CombinationWeights = [1, -0.5, 0, 2.25, 0.125, 3, -1, 0.75];

    private static IEnumerable<OpCase> Combinations =>
    [
        Combined("Combination", [.. EveryLength.Select(s => new[] { s[0], s[0], s[0] })]) with { Misfit = [[3, 4], [4]] },
        Combined("Combination:one", [[3]], [[17]]),
        Combined("Combination:eight", [[.. Enumerable.Repeat(new[] { 19 }, 8)], [.. Enumerable.Repeat(new[] { 2, 3 }, 8)]]),
        Row("Combination:nothing", x => Tensor.Combination([0, 0], x), x => new NaiveArray(x[0].Lengths, new double[x[0].Values.Length]), [[5], [5]]),
    ];

    private static OpCase Combined(string name, params int[][][] shapes) =>
        Row(
            name,
            x => Tensor.Combination(CombinationWeights.AsSpan(0, x.Length), x),
            x => new NaiveArray(x[0].Lengths, [.. x[0].Values.Select((_, i) => x.Select((operand, k) => CombinationWeights[k] * operand.Values[i]).Sum())]),
            shapes) with
        { GradientShapes = shapes.Length > 60 ? [[[3], [3], [3]], [[2, 5], [2, 5], [2, 5]], [[0], [0], [0]]] : shapes };
}
