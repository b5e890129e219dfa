using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Tables =>
    [
        // Positions from before the first entry to behind the last one.
        Table("Interpolate", 0, TableEnds.Clamped, (-1.5, 6.2), [[5], [9]], [[1], [3]], [[4], [0]]) with { Misfit = [[3, 4], [2, 5]] },
        Table("Interpolate:periodic", 0, TableEnds.Periodic, (-7.3, 11.4), [[5], [9]], [[1], [3]], [[2], [6]]),
        Table("Interpolate:middle", 1, TableEnds.Clamped, (-1.5, 4.2), [[2, 3, 4], [2, 5, 4]], [[2, 3, 4], [1, 5, 1]], [[2, 3, 4], [2, 5, 1]]),
        Table("Interpolate:middle, periodic", 1, TableEnds.Periodic, (-4.5, 7.2), [[2, 3, 4], [2, 5, 4]], [[2, 3, 4], [1, 5, 4]], [[1, 4, 2], [1, 2, 1]]),
    ];

    private static OpCase Table(string name, int axis, TableEnds ends, (double Low, double High) positions, params int[][][] shapes) =>
        Row(name, x => x[0].Interpolate(axis, x[1], ends), x => Interpolated(x[0], axis, x[1], ends), shapes) with { Ranges = [(-2, 2), positions], Tolerance = 2e-14 };

    private static NaiveArray Interpolated(NaiveArray table, int axis, NaiveArray positions, TableEnds ends)
    {
        int length = table.Lengths[axis];
        return NaiveArray.Of(NaiveArray.Replace(table.Lengths, axis, positions.Lengths[axis]), i =>
        {
            double p = positions.At(i), place = ends == TableEnds.Periodic ? p : Math.Clamp(p, 0, length - 1);
            int low = (int)Math.Floor(place);
            double Entry(int k) => table.At(NaiveArray.Replace(i, axis, ends == TableEnds.Periodic ? ((k % length) + length) % length : Math.Min(k, length - 1)));
            return Entry(low) + ((place - low) * (Entry(low + 1) - Entry(low)));
        });
    }
}
