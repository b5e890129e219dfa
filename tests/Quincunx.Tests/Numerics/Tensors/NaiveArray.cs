using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>The slow and obvious float64 array that operations are compared with: every element by its index.</summary>
public sealed class NaiveArray(int[] lengths, double[] values)
{
    public int[] Lengths { get; } = lengths;

    public double[] Values { get; } = values;

    public int Rank => Lengths.Length;

    public static NaiveArray Of(int[] lengths, Func<int[], double> element)
    {
        double[] values = new double[lengths.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = element(IndexOf(lengths, i));
        }

        return new NaiveArray(lengths, values);
    }

    public static NaiveArray From(Tensor x) => new(x.Shape.Lengths.ToArray(), x.ToArray());

    public Tensor ToTensor() => Tensor.From(Values, new Shape(Lengths));

    public NaiveArray As(params int[] lengths) => new(lengths, Values);

    /// <summary>The element at an index of a shape that this array broadcasts to; leading axes that it lacks are skipped.</summary>
    public double At(params int[] index)
    {
        int offset = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            int i = index[axis + index.Length - Rank];
            offset = (offset * Lengths[axis]) + (Lengths[axis] == 1 ? 0 : i);
        }

        return Values[offset];
    }

    public static NaiveArray Broadcast(Func<double[], double> function, params NaiveArray[] operands)
    {
        int rank = operands.Max(o => o.Rank);
        int[] lengths = new int[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            int[] seen = [.. operands.Where(o => o.Rank >= axis).Select(o => o.Lengths[^axis])];
            lengths[^axis] = Array.Exists(seen, n => n != 1) ? seen.First(n => n != 1) : 1;
        }

        return Of(lengths, index => function([.. operands.Select(o => o.At(index))]));
    }

    /// <summary>Reduces the elements along some axes, in row-major order.</summary>
    public NaiveArray Reduce(int[] axes, bool keepAxes, Func<double[], double> function)
    {
        bool[] taken = [.. Lengths.Select((_, axis) => axes.Contains(axis) || axes.Contains(axis - Rank))];
        int[] kept = [.. Lengths.Select((n, axis) => taken[axis] ? 1 : n)];
        int[] along = [.. Lengths.Select((n, axis) => taken[axis] ? n : 1)];
        NaiveArray wide = Of(kept, index => function(Of(along, inner => At([.. index.Zip(inner, (i, j) => i + j)])).Values));
        return keepAxes ? wide : new NaiveArray([.. Lengths.Where((_, axis) => !taken[axis])], wide.Values);
    }

    /// <summary>Replaces each lane along an axis by a lane computed from it.</summary>
    public NaiveArray Along(int axis, Func<double[], double[]> function)
    {
        int normal = axis < 0 ? axis + Rank : axis;
        double[] Lane(int[] index) => function([.. Enumerable.Range(0, Lengths[normal]).Select(i => At(Replace(index, normal, i)))]);
        int length = function(new double[Lengths[normal]]).Length;
        return Of(Replace(Lengths, normal, length), index => Lane(index)[index[normal]]);
    }

    public static int[] Replace(int[] index, int axis, int value)
    {
        int[] copy = [.. index];
        copy[axis] = value;
        return copy;
    }

    private static int[] IndexOf(int[] lengths, int position)
    {
        int[] index = new int[lengths.Length];
        for (int axis = lengths.Length - 1; axis >= 0; axis--)
        {
            index[axis] = position % lengths[axis];
            position /= lengths[axis];
        }

        return index;
    }
}
