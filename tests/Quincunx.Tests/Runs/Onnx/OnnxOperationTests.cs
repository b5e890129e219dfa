using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Numerics.Tensors;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Every operation of the table, exported and evaluated by loops that share nothing with the engine.</summary>
public sealed class OnnxOperationTests
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];

    public static TheoryData<string> Names => OpCases.Names;

    // An operation is exported as several operators at most; in float64 the longest, a spline, multiplies roundings by some hundreds.
    [Theory, MemberData(nameof(Names))]
    public void Export_EveryShapeAndType_MatchesTheEngineOrNamesTheOperation(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (int[][] shapes in row.Shapes.Where((_, i) => row.Shapes.Length < 30 || i < 18 || i >= row.Shapes.Length - 24))
        {
            foreach ((DType dtype, double tolerance) in new[] { (DType.Float64, Math.Max(row.Tolerance, 2e-14)), (DType.Float32, 5e-6) })
            {
                Func<int, Tensor[]> samples = batch => [.. OpCases.Points(row, shapes).Select(p => Turned(p, batch > 3).To(dtype))];
                if (!IsExported(name, () => Compare(name, samples, row.Run, tolerance)))
                {
                    return;
                }
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Export_NanInfinityAndZeros_MatchesTheEngine(string name)
    {
        OpCase row = OpCases.Named(name);
        if (row.AtSpecial is null && !row.ChecksSpecialPairs)
        {
            return;
        }

        double[] values = [.. Special, 1, -2, 0.5];
        var pairs = (from a in values from b in values select (A: a, B: b)).ToArray();
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            Tensor left = Tensor.From([.. pairs.Select(p => p.A)], new Shape(pairs.Length), dtype), right = Tensor.From([.. pairs.Select(p => p.B)], new Shape(pairs.Length), dtype);
            Tensor[] inputs = row.AtSpecial is null ? [left, right] : [left];
            IsExported(name, () => Compare(name, batch => [.. inputs.Select(x => Turned(x, batch > 3))], row.Run, dtype == DType.Float64 ? 4e-15 : 1e-6));
        }
    }

    // Everything that networks and flows are made of, so that a translation cannot get lost unnoticed.
    [Theory]
    [InlineData("Exp")]
    [InlineData("Log1p")]
    [InlineData("Expm1:tiny")]
    [InlineData("Gelu")]
    [InlineData("LeakyRelu")]
    [InlineData("Elu")]
    [InlineData("Maximum")]
    [InlineData("Where")]
    [InlineData("LogSumExp")]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("CumulativeSum")]
    [InlineData("Concat")]
    [InlineData("Slice:backwards")]
    [InlineData("Transpose:1 2 0")]
    [InlineData("BroadcastTo")]
    [InlineData("IndexSelect")]
    [InlineData("Gather")]
    [InlineData("ScatterAdd")]
    [InlineData("SegmentSoftmax")]
    [InlineData("SegmentMean")]
    [InlineData("MatMul")]
    [InlineData("Linear")]
    [InlineData("LinearColumns")]
    [InlineData("Tril")]
    [InlineData("ToDiagonal")]
    [InlineData("RationalQuadraticSpline")]
    [InlineData("RationalQuadraticSplineInverse")]
    [InlineData("AffineTransform")]
    [InlineData("Combination")]
    public void Export_OperationsOfNetworks_HaveATranslation(string name)
    {
        OpCase row = OpCases.Named(name);
        Compare(name, batch => [.. OpCases.Points(row, row.Shapes[0]).Select(p => Turned(p, batch > 3))], row.Run, 1e-13);
    }

    private static bool IsExported(string name, Action export)
    {
        try
        {
            export();
            return true;
        }
        catch (OnnxException e)
        {
            Assert.Matches("(The operation .* has no translation to ONNX)|(which would be frozen)", e.Message);
            Console.WriteLine($"{name}: {e.Message}");
            return false;
        }
    }

    private static void Compare(string name, Func<int, Tensor[]> samples, Func<Tensor[], Tensor> run, double tolerance)
    {
        OnnxPort[] ports = [.. samples(0).Select((t, i) => new OnnxPort($"x{i}", t.DType == DType.Float32 ? OnnxType.Float32 : OnnxType.Float64, t.Shape.Lengths.ToArray()))];
        OnnxComparison.OperationByOperation(name, ports, samples, x => [run([.. x])], tolerance);
    }

    // The same numbers in another order for another batch: what depends on them other than through operations shows.
    private static Tensor Turned(Tensor x, bool turns)
    {
        double[] values = x.ToArray();
        if (turns)
        {
            Array.Reverse(values);
        }

        return Tensor.From(values, x.Shape, x.DType);
    }
}
