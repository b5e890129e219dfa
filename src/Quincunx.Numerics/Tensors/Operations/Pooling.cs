using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Mean over windows of one to three axes. Padding with zeros adds nothing to a window: the mean is over the elements there are.</summary>
    /// <param name="x">Shape <c>[batch, channels, …grid]</c> with one to three axes of grid.</param>
    /// <param name="lengths">Lengths of the window: one number for all axes, or one for each.</param>
    /// <param name="window">Strides, padding and dilation; null for windows side by side without padding.</param>
    /// <returns>Shape <c>[batch, channels, …places]</c>; <see cref="WindowOptions"/> has their number. NaN where padding alone fills a window.</returns>
    /// <exception cref="ShapeException">The window is longer than the padded grid.</exception>
    public static Tensor AveragePool(Tensor x, IReadOnlyList<int> lengths, WindowOptions? window = null) => Averaged(x, Pool("AveragePool", x, lengths, window));

    /// <summary>Largest element in windows of one to three axes; NaN if there is one. Equal largest elements of a window share its gradient equally.</summary>
    /// <returns>Shape <c>[batch, channels, …places]</c>; <see cref="WindowOptions"/> has their number. -∞ where padding alone fills a window.</returns>
    /// <inheritdoc cref="AveragePool" path="/param|/exception"/>
    public static Tensor MaxPool(Tensor x, IReadOnlyList<int> lengths, WindowOptions? window = null)
    {
        PoolPlan plan = Pool("MaxPool", x, lengths, window);
        Tensor y = Allocate(plan.Places, x.DType);
        Kernel.Run(new PoolKernel(plan, PoolKind.Max, x, y), y, x);
        return Recording.Of(
            y, (output, gradient, pull) => pull.Set(0, SpreadToLargest(pull.Inputs[0].Detach(), output.Detach(), gradient, plan)), x);
    }

    private enum PoolKind
    {
        Mean,
        SpreadMean,
        Max,
    }

    private sealed record PoolPlan(WindowGeometry Geometry, WindowElements Windows, Shape Grid, Shape Places);

    private static PoolPlan Pool(string operation, Tensor x, IReadOnlyList<int> lengths, WindowOptions? window)
    {
        ArgumentNullException.ThrowIfNull(x);
        int axes = x.Rank - 2;
        if (axes is < 1 or > WindowGeometry.Axes)
        {
            throw new ShapeException($"{operation}: expected shape [batch, channels, ...grid] with one to three axes of grid, got {x.Shape}.");
        }

        var shape = new Shape(WindowOptions.Each(lengths, axes, 1, nameof(lengths)));
        WindowGeometry g = (window ?? WindowOptions.Default).Over(operation, x.Shape, shape, shape.Lengths);
        return new PoolPlan(g, new WindowElements(g), x.Shape, new Shape([x.Shape[0], x.Shape[1], .. g.Output.AsSpan(WindowGeometry.Axes - axes)]));
    }

    // Mean and its transpose: each is the other's derivative.
    private static Tensor Averaged(Tensor x, PoolPlan plan)
    {
        Tensor y = Allocate(plan.Places, x.DType);
        Kernel.Run(new PoolKernel(plan, PoolKind.Mean, x, y), y, x);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, SpreadAverage(gradient, plan)), x);
    }

    private static Tensor SpreadAverage(Tensor y, PoolPlan plan)
    {
        Tensor x = Allocate(plan.Grid, y.DType);
        Kernel.Run(new PoolKernel(plan, PoolKind.SpreadMean, y, x), x, y);
        return Recording.Of(x, (_, gradient, pull) => pull.Set(0, Averaged(gradient, plan)), y);
    }

    // Which elements are largest does not change with x but in jumps: linear in y alone, and so is its transpose.
    private static Tensor SpreadToLargest(Tensor x, Tensor largest, Tensor y, PoolPlan plan)
    {
        Tensor v = Allocate(plan.Grid, y.DType);
        Kernel.Run(new LargestKernel(plan, x, largest, y, v, Spreads: true), v, [x, largest, y]);
        return Recording.Of(v, (_, gradient, pull) => pull.Set(0, MeanOfLargest(x, largest, gradient, plan)), y);
    }

    private static Tensor MeanOfLargest(Tensor x, Tensor largest, Tensor v, PoolPlan plan)
    {
        Tensor y = Allocate(plan.Places, v.DType);
        Kernel.Run(new LargestKernel(plan, x, largest, v, y, Spreads: false), y, [x, largest, v]);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, SpreadToLargest(x, largest, gradient, plan)), v);
    }

    private readonly struct PoolKernel(PoolPlan plan, PoolKind kind, Tensor from, Tensor to) : INotedKernel
    {
        public OperationNote Note => WindowNote(
            kind switch { PoolKind.Mean => "AveragePool", PoolKind.Max => "MaxPool", _ => "AveragePoolBack" }, plan.Geometry, plan.Grid.Rank - 2);

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            switch (kind)
            {
                case PoolKind.Mean:
                    Windows.Mean(plan.Windows, from.Elements<T>(), to.Writable<T>());
                    break;
                case PoolKind.SpreadMean:
                    Windows.SpreadMean(plan.Windows, from.Elements<T>(), to.Writable<T>());
                    break;
                default:
                    Windows.Max(plan.Windows, from.Elements<T>(), to.Writable<T>());
                    break;
            }
        }
    }

    private readonly record struct LargestKernel(PoolPlan Plan, Tensor X, Tensor Largest, Tensor From, Tensor To, bool Spreads) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Spreads)
            {
                Windows.SpreadToLargest(Plan.Windows, X.Elements<T>(), Largest.Elements<T>(), From.Elements<T>(), To.Writable<T>());
            }
            else
            {
                Windows.MeanOfLargest(Plan.Windows, X.Elements<T>(), Largest.Elements<T>(), From.Elements<T>(), To.Writable<T>());
            }
        }
    }
}
