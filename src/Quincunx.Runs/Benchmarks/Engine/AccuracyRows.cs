using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The largest error of elementary functions of float32, in units in the last place of the correctly rounded result.</summary>
/// <remarks>
/// Over every 4099th of all floats (so every binade, subnormal numbers and infinities) and a million numbers in [-20, 20]. The reference is computed in
/// float64 and rounded: its own error moves a rounding once in about 10⁸ cases.
/// </remarks>
internal static class AccuracyRows
{
    private const int Stride = 4099, Dense = 1_000_000;

    public static IEnumerable<RowPlan> All(Bench bench) =>
    [
        Row(bench, "exp", Tensor.Exp, Math.Exp, 2),
        Row(bench, "log", Tensor.Log, Math.Log, 2),
        Row(bench, "sigmoid", Tensor.Sigmoid, Sigmoid, 2),
        Row(bench, "tanh", Tensor.Tanh, Math.Tanh, 4),
        Row(bench, "softplus", Tensor.Softplus, Softplus, 4),
    ];

    /// <summary>How many floats lie between two; 0 for two NaN, and infinite where one is NaN.</summary>
    public static double Distance(float a, float b) =>
        float.IsNaN(a) || float.IsNaN(b) ? (float.IsNaN(a) && float.IsNaN(b) ? 0 : double.PositiveInfinity) : Math.Abs(Place(a) - Place(b));

    private static RowPlan Row(Bench bench, string name, Func<Tensor, Tensor> function, Func<double, double> reference, double target) => new(
        $"{name}, largest error", 1, RowPlan.Float32, Units.Ulp, Quantity.Once(() => Largest(bench, function, reference)), Bound.Target(target));

    private static double Largest(Bench bench, Func<Tensor, Tensor> function, Func<double, double> reference)
    {
        float[] x = [.. bench.Effort.IsSmoke ? Sample().Take(1000) : Sample()];
        float[] y = function(Tensor.From(x, new Shape(x.Length))).AsSpan<float>().ToArray();
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (i % 65536 == 0)
            {
                bench.Cancel.ThrowIfCancellationRequested();
            }

            largest = Math.Max(largest, Distance(y[i], (float)reference(x[i])));
        }

        return largest;
    }

    private static IEnumerable<float> Sample()
    {
        for (int i = 0; i < Dense; i++)
        {
            yield return (float)(-20 + (40.0 * i / Dense));
        }

        for (long bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
        }
    }

    // Floats in order: negative ones count down.
    private static long Place(float x) => BitConverter.SingleToInt32Bits(x) is var bits && bits >= 0 ? bits : int.MinValue - (long)bits;

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Softplus(double x) => Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x)));
}
