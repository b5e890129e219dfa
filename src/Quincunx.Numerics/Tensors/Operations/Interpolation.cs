using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Linear interpolation of a table along one axis: <c>y[…, i, …] = x[…, positions[…, i, …], …]</c> with positions between the entries.</summary>
    /// <param name="axis">The axis of the table.</param>
    /// <param name="positions">
    /// This shape but for the length along the axis; other axes may have length 1, whose positions then hold for all. Counted in entries from 0; entry i is at i.
    /// </param>
    /// <param name="ends">What is beyond the entries.</param>
    /// <returns>This shape with the positions' length along the axis; NaN where the position is NaN or, in a periodic table, infinite.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or the table has no entries.</exception>
    /// <remarks>
    /// Differentiable in the table and in the positions. The slope at an entry is that of the interval behind it, and at the last entry of a clamped table that before it;
    /// beyond the ends of a clamped table it is 0. The second derivative in the positions is 0 everywhere: the jumps at entries do not show.
    /// </remarks>
    public Tensor Interpolate(int axis, Tensor positions, TableEnds ends = TableEnds.Clamped)
    {
        ArgumentNullException.ThrowIfNull(positions);
        RequireSameType(positions);
        int normal = Shape.Axis(axis);
        bool fits = positions.Rank == Rank && Shape[normal] > 0;
        for (int i = 0; fits && i < Rank; i++)
        {
            fits = i == normal || positions.Shape[i] == Shape[i] || positions.Shape[i] == 1;
        }

        if (!fits)
        {
            throw ShapeException.Pair(
                "Interpolate", Shape, positions.Shape, $"expected a table with entries along axis {normal}, and positions of its shape, or of length 1, along all other axes.");
        }

        Shape shape = Shape.With(normal, positions.Shape[normal]);
        return Between(this, positions.BroadcastTo(shape), new TablePlan(normal, Shape[normal], ends == TableEnds.Periodic, IsSlope: false));
    }

    // IsSlope: the slope of the table in place of its value.
    private readonly record struct TablePlan(int Axis, int Length, bool IsPeriodic, bool IsSlope);

    // Linear in the table. Its derivative in the positions is the slope, which is constant between the entries.
    private static Tensor Between(Tensor table, Tensor positions, TablePlan plan)
    {
        Tensor y = Allocate(positions.Shape, table.DType);
        Kernel.Run(new TableKernel(table, positions, y, plan), y, table, positions);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, SpreadBetween(gradient, pull.Inputs[1], plan));
                }

                if (pull.Wanted[1] && !plan.IsSlope)
                {
                    pull.Set(1, gradient * Between(pull.Inputs[0], pull.Inputs[1], plan with { IsSlope = true }));
                }
            },
            table,
            positions);
    }

    // The transpose of Between in the table.
    private static Tensor SpreadBetween(Tensor y, Tensor positions, TablePlan plan)
    {
        Tensor table = Allocate(y.Shape.With(plan.Axis, plan.Length), y.DType);
        Kernel.Run(new TableSpreadKernel(y, positions, table, plan), table, y, positions);
        return Recording.Of(
            table,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, Between(gradient, pull.Inputs[1], plan));
                }

                if (pull.Wanted[1] && !plan.IsSlope)
                {
                    pull.Set(1, pull.Inputs[0] * Between(gradient, pull.Inputs[1], plan with { IsSlope = true }));
                }
            },
            y,
            positions);
    }

    private readonly struct TableKernel(Tensor table, Tensor positions, Tensor y, TablePlan plan) : INotedKernel
    {
        public OperationNote Note => new("Interpolate", ("axis", plan.Axis), ("periodic", plan.IsPeriodic), ("slope", plan.IsSlope));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            (int outer, int count, int inner) = y.Shape.Around(plan.Axis);
            Tables.Interpolate(table.Elements<T>(), positions.Elements<T>(), y.Writable<T>(), new TableShape(outer, plan.Length, count, inner), plan.IsPeriodic, plan.IsSlope);
        }
    }

    private readonly struct TableSpreadKernel(Tensor y, Tensor positions, Tensor table, TablePlan plan) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            (int outer, int count, int inner) = y.Shape.Around(plan.Axis);
            Tables.Spread(y.Elements<T>(), positions.Elements<T>(), table.Writable<T>(), new TableShape(outer, plan.Length, count, inner), plan.IsPeriodic, plan.IsSlope);
        }
    }
}
