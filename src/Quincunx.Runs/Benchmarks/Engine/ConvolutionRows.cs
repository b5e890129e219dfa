using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Convolutions and their two transposes as a share of the multiply-add peak.</summary>
internal static class ConvolutionRows
{
    private enum Side
    {
        Forward,
        Input,
        Weight,
    }

    public static IEnumerable<RowPlan> All(Bench bench) => [.. Of<float>(bench), .. Of<double>(bench)];

    private static IEnumerable<RowPlan> Of<T>(Bench bench)
        where T : unmanaged, INumber<T>
    {
        int batch = bench.Effort.IsSmoke ? 1 : 16;
        Layer image = new("convolution 3x3, 64 to 64 on 32x32", batch, 64, 64, [32, 32], [3, 3], Circular: false);
        Layer lattice = new("convolution 3x3, 32 to 32 on a torus 8x8", 4 * batch, 32, 32, [8, 8], [3, 3], Circular: true);
        Layer volume = new("convolution 3x3x3, 16 to 16 on a torus 8x8x8", batch, 16, 16, [8, 8, 8], [3, 3, 3], Circular: true);
        Layer series = new("convolution 5, 32 to 32 on 256", 4 * batch, 32, 32, [256], [5], Circular: false);
        foreach (Layer layer in new[] { image, lattice, volume, series })
        {
            yield return Row<T>(bench, layer, Side.Forward, 1);
            yield return Row<T>(bench, layer, Side.Input, 1);
            yield return Row<T>(bench, layer, Side.Weight, 1);
        }

        if (Bench.Cores > 1)
        {
            yield return Row<T>(bench, image, Side.Forward, 2);
            yield return Row<T>(bench, image, Side.Input, 2);
            yield return Row<T>(bench, image, Side.Weight, 2);
        }
    }

    private static RowPlan Row<T>(Bench bench, Layer layer, Side side, int threads)
        where T : unmanaged, INumber<T>
    {
        int[] pads = [.. layer.Window.Select(w => w / 2)], ones = [.. layer.Window.Select(_ => 1)];
        var g = new WindowGeometry(layer.Grid, layer.Window, ones, pads, ones, layer.Circular);
        double flops = 2e-9 * layer.Batch * layer.Channels * layer.Filters * g.WindowCount * g.OutputCount;
        Probe probe = bench.Time(() =>
        {
            T[] x = Fill<T>(layer.Batch * layer.Channels * g.InputCount), w = Fill<T>(layer.Filters * layer.Channels * g.WindowCount);
            T[] y = Fill<T>(layer.Batch * layer.Filters * g.OutputCount);
            return side switch
            {
                Side.Forward => () => Convolutions.Forward<T>(g, layer.Batch, 1, layer.Channels, layer.Filters, x, w, [], y, threads),
                Side.Input => () => Convolutions.Back<T>(g, layer.Batch, 1, layer.Channels, layer.Filters, y, w, x, threads),
                _ => () => Convolutions.Weights<T>(g, layer.Batch, 1, layer.Channels, layer.Filters, x, y, w, threads),
            };
        });
        string name = side switch { Side.Forward => layer.Name, Side.Input => $"{layer.Name}, input gradient", _ => $"{layer.Name}, weight gradient" };
        return new RowPlan(name, threads, RowPlan.NameOf<T>(), Units.Flops, Quantity.Rate(probe, flops), bench.PeakBound<T>(threads));
    }

    private static T[] Fill<T>(int length)
        where T : INumber<T> => [.. Enumerable.Range(0, length).Select(i => T.CreateChecked((i % 7) - 3) / T.CreateChecked(8))];

    private sealed record Layer(string Name, int Batch, int Channels, int Filters, int[] Grid, int[] Window, bool Circular);
}
