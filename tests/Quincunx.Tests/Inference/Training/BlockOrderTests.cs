using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Training;

public sealed class BlockOrderTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Epochs_OfUnequalBlocks_HaveEveryRowOnceAndHoldTheSameOnesOut(double heldOut)
    {
        int[] rows = [.. Enumerable.Range(0, 60).Select(b => b % 7 == 3 ? 0 : 5 + ((b * 37) % 16))];
        var order = new BlockOrder(rows, capacity: 400, heldOut, new Rng(4));
        HashSet<(int, int)>? held = null;
        for (int epoch = 0; epoch < 5; epoch++)
        {
            List<(int Block, int Row)> seen = RowsOf(order, rows, epoch, out HashSet<(int, int)> left, out List<int> windows);
            held ??= left;
            Assert.True(held.SetEquals(left));
            Assert.Equal(order.HeldOut, left.Count);
            Assert.Equal(rows.Sum() - order.HeldOut, seen.Count);
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.DoesNotContain(seen, left.Contains);
            Assert.Equal(order.Windows, windows.Count);
            Assert.All(windows, n => Assert.InRange(n, order.FewestWindowRows, order.WindowRows));
        }

        Assert.InRange(order.HeldOut, Math.Min(80, heldOut * rows.Sum()) - 1, 80);     // a fifth of the slots at most
        Assert.True(order.Slots <= 400);
        Assert.True(order.Windows > 2);
    }

    [Fact]
    public void Epochs_AreAFunctionOfSeedAndEpoch()
    {
        int[] rows = [.. Enumerable.Repeat(10, 30)];
        List<(int, int)> Of(ulong seed, int epoch) => RowsOf(new BlockOrder(rows, 200, 0.1, new Rng(seed)), rows, epoch, out _, out _);

        Assert.Equal(Of(1, 3), Of(1, 3));
        Assert.NotEqual(Of(1, 3), Of(1, 4));
        Assert.NotEqual(Of(1, 3), Of(2, 3));
    }

    // Blocks of one length, so that every place is as likely for every row. χ² with 9 degrees of freedom exceeds 48 in one of 4 million; there are 40 rows.
    [Fact]
    public void Places_OfEveryRow_AreUniformOverEpochs()
    {
        const int Blocks = 40, BlockRows = 25, Epochs = 600, Bins = 10;
        int[] rows = [.. Enumerable.Repeat(BlockRows, Blocks)];
        var order = new BlockOrder(rows, 400, 0, new Rng(8));
        int[,] counts = new int[Blocks * BlockRows, Bins];
        double correlation = 0;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            List<(int Block, int Row)> seen = RowsOf(order, rows, epoch, out _, out _);
            double product = 0;
            for (int place = 0; place < seen.Count; place++)
            {
                int stored = (seen[place].Block * BlockRows) + seen[place].Row;
                counts[stored, place * Bins / seen.Count]++;
                product += (stored - ((seen.Count - 1) / 2.0)) * (place - ((seen.Count - 1) / 2.0));
            }

            correlation += 12 * product / seen.Count / (((double)seen.Count * seen.Count) - 1) / Epochs;
        }

        const double Expected = Epochs / (double)Bins;
        for (int stored = 0; stored < Blocks * BlockRows; stored += 25)
        {
            double squares = Enumerable.Range(0, Bins).Sum(b => Math.Pow(counts[stored, b] - Expected, 2) / Expected);
            Assert.True(squares < 48, $"row {stored}: chi-squared {squares}");
        }

        // Rank correlation of stored order and epoch's order: blocks move as a whole, so that an epoch has √(1/39) of it, and the mean 0.0065.
        Assert.Equal(0, correlation, 5 * 0.0065);
    }

    // Neighbours in the file are a third of a window apart, as far as two random rows of it.
    [Fact]
    public void Neighbours_InABlock_AreMixedThroughTheWindow()
    {
        int[] rows = [.. Enumerable.Repeat(25, 40)];
        var order = new BlockOrder(rows, 400, 0, new Rng(9));
        double apart = 0, expected = 0;
        int pairs = 0;
        for (int epoch = 0; epoch < 60; epoch++)
        {
            List<(int Block, int Row)> seen = RowsOf(order, rows, epoch, out _, out List<int> windows);
            var place = seen.Select((r, i) => (r, i)).ToDictionary(p => p.r, p => p.i);
            apart += place.Sum(p => place.TryGetValue((p.Key.Block, p.Key.Row + 1), out int next) ? Math.Abs(next - p.Value) : 0);
            pairs += 24 * 40;
            expected += windows.Sum(n => n * (n + 1) / 3.0) / windows.Sum() / 60;
        }

        // A mean of 57,600 nearly independent distances with a standard deviation of 0.7 of their mean: 0.3 %; 5 of them.
        Assert.Equal(expected, apart / pairs, 0.015 * expected);
    }

    [Fact]
    public void OneWindow_WhereEverythingFits_IsAllRows()
    {
        var order = new BlockOrder([7, 8, 9], 100, 0.25, new Rng(1));
        Assert.Equal((1, 6, 18, 24), (order.Windows, order.HeldOut, order.WindowRows, order.Slots));
    }

    [Fact]
    public void Construction_OfBlocksThatDoNotFit_SaysSo()
    {
        Assert.Contains(
            "Expected room for 4 blocks in a window, got 50 slots for blocks of up to 20 rows",
            Assert.Throws<ArgumentException>(() => new BlockOrder([20, 20, 20, 20, 20, 20, 20], 100, 0, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BlockOrder([0, 0], 100, 0, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new BlockOrder([int.MaxValue, 1], 100, 0, new Rng(1)));
    }

    // The rows of an epoch in their order, by what the loader does.
    private static List<(int Block, int Row)> RowsOf(BlockOrder order, int[] rows, int epoch, out HashSet<(int Block, int Row)> heldOut, out List<int> windows)
    {
        var held = new HashSet<(int, int)>();
        var seen = new List<(int, int)>();
        windows = [];
        for (int w = 0; w < order.Windows; w++)
        {
            var window = new RowWindow(order.HeldOut, order.WindowRows);
            var where = new Dictionary<int, (int, int)>();
            window.Fill(order, epoch, w, (block, first) =>
            {
                int[] slots = new int[rows[block]];
                order.Place(block, first, withHeldOut: true, slots, new int[slots.Length]);
                for (int row = 0; row < slots.Length; row++)
                {
                    if (slots[row] < order.HeldOut)
                    {
                        Assert.True(held.Add((block, row)));
                    }
                    else
                    {
                        where.Add(slots[row], (block, row));
                    }
                }
            });
            Assert.Equal(seen.Count, window.Start);
            windows.Add(window.Rows);
            seen.AddRange(window.Order.ToArray().Select(slot => where[slot]));
        }

        heldOut = held;
        return seen;
    }
}
