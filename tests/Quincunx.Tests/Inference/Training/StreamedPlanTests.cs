using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Training;

public sealed class StreamedPlanTests
{
    private static readonly int[] Rows = [.. Enumerable.Range(0, 50).Select(b => 10 + (b % 3))];
    private static readonly TrainingOptions Options = new() { BatchSize = 32, ValidationFraction = 0.1, MaxEpochs = 100 };

    [Fact]
    public void Batches_OfAnEpoch_HaveEveryTrainingRowOnce()
    {
        var blocks = new ListedBlocks(Rows, 300);
        using var plan = new StreamedPlan(blocks, Options, new Rng(3));
        int total = Rows.Sum();
        List<int>? held = null;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<int[]> batches = Epoch(plan, blocks, epoch);
            Assert.All(batches, b => Assert.InRange(b.Length, plan.TrainingRows / plan.Batches, (plan.TrainingRows / plan.Batches) + 1));
            held ??= [.. plan.HeldOut(default).ToArray().Select(blocks.RowIn)];
            Assert.Equal(held, plan.HeldOut(default).ToArray().Select(blocks.RowIn));
            Assert.Equal(Enumerable.Range(0, total), batches.SelectMany(b => b).Concat(held).Order());
        }
    }

    [Fact]
    public void Batches_BegunInTheMiddle_AreThoseOfAWholeEpoch()
    {
        var whole = new ListedBlocks(Rows, 300);
        using var expected = new StreamedPlan(whole, Options, new Rng(3));
        Epoch(expected, whole, 0);
        List<int[]> epoch1 = Epoch(expected, whole, 1), epoch2 = Epoch(expected, whole, 2);
        int[] held = [.. expected.HeldOut(default).ToArray().Select(whole.RowIn)];
        for (int batch = 0; batch < expected.Batches; batch++)
        {
            var blocks = new ListedBlocks(Rows, 300);
            using var plan = new StreamedPlan(blocks, Options, new Rng(3));
            Assert.Equal(epoch1[batch..], Epoch(plan, blocks, 1, batch));

            // Rows of blocks that were not read in the rest of the epoch are held out too.
            Assert.Equal(held, plan.HeldOut(default).ToArray().Select(blocks.RowIn));
            Assert.Equal(epoch2, Epoch(plan, blocks, 2));
        }
    }

    [Fact]
    public void HeldOut_AfterPartOfAnEpoch_IsRead()
    {
        var blocks = new ListedBlocks(Rows, 300);
        using var plan = new StreamedPlan(blocks, Options, new Rng(3));
        plan.Begin(0, 0);
        plan.Batch(0, default);
        int[] held = [.. plan.HeldOut(default).ToArray().Select(blocks.RowIn)];
        Assert.Equal(plan.HeldOutRows, held.Distinct().Count());
        Assert.DoesNotContain(-1, held);

        // And an epoch that begins elsewhere than where the reader is.
        Assert.Equal(Rows.Sum() - held.Length, Epoch(plan, blocks, 1).Sum(b => b.Length));
    }

    [Fact]
    public void Reading_IsAheadByOneWindowOnly()
    {
        var blocks = new ListedBlocks(Rows, 300);
        using var plan = new StreamedPlan(blocks, Options, new Rng(3));
        plan.Begin(0, 0);
        plan.Batch(0, default);
        plan.HeldOut(default);                      // has the reader at rest, but for the window that it may still read
        Thread.Sleep(50);
        lock (blocks.Loads)
        {
            // Two windows hold some 20 blocks, and all others are read once for their held-out rows.
            Assert.InRange(blocks.Loads.Count, Rows.Length, Rows.Length + 30);
        }
    }

    [Fact]
    public void AfterTheLastEpoch_NothingIsRead()
    {
        var blocks = new ListedBlocks(Rows, 300);
        using (var plan = new StreamedPlan(blocks, Options with { MaxEpochs = 2 }, new Rng(3)))
        {
            Epoch(plan, blocks, 0);
            Epoch(plan, blocks, 1);
            plan.HeldOut(default);
            Thread.Sleep(50);
        }

        Assert.Equal(2 * Rows.Length, blocks.Loads.Count);
    }

    [Fact]
    public void AFaultOfReading_IsThrownWhereItsWindowIsWanted()
    {
        int read = 0;
        var blocks = new ListedBlocks(Rows, 300)
        {
            Loading = (_, _) =>
            {
                if (++read == 15)
                {
                    throw new IOException("the disk is gone");
                }
            },
        };
        using var plan = new StreamedPlan(blocks, Options, new Rng(3));
        plan.Begin(0, 0);
        int batch = 0;
        IOException fault = Assert.Throws<IOException>(() =>
        {
            for (; batch < plan.Batches; batch++)
            {
                plan.Batch(batch, default);
            }
        });
        Assert.Equal("the disk is gone", fault.Message);
        Assert.True(batch > 0, "the first window had no fault");
        Assert.Throws<IOException>(() => plan.HeldOut(default));
    }

    [Fact]
    public void Cancelling_WhileABlockIsRead_ReturnsAtOnceAndDisposalWaitsForTheBlock()
    {
        using var reading = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        var blocks = new ListedBlocks(Rows, 300)
        {
            // The block takes longer than the disposal, which begins while it is read.
            Loading = (_, closing) =>
            {
                reading.Set();
                closing.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
                Thread.Sleep(20);
            },
        };
        var plan = new StreamedPlan(blocks, Options, new Rng(3));
        plan.Begin(0, 0);
        reading.Wait();
        using (new Timer(_ => source.Cancel(), null, 20, Timeout.Infinite))
        {
            Assert.Throws<OperationCanceledException>(() => plan.Batch(0, source.Token));
        }

        plan.Dispose();
        Assert.Single(blocks.Loads);
        Thread.Sleep(20);
        Assert.Single(blocks.Loads);
    }

    [Fact]
    public void Construction_OfBatchesLargerThanAWindow_SaysSo() => Assert.Contains(
        "Expected batches of at most",
        Assert.Throws<ArgumentException>(() => new StreamedPlan(new ListedBlocks(Rows, 300), Options with { BatchSize = 200 }, new Rng(3))).Message, StringComparison.Ordinal);

    private static List<int[]> Epoch(StreamedPlan plan, ListedBlocks blocks, int epoch, int from = 0)
    {
        plan.Begin(epoch, from);
        List<int[]> batches = [];
        for (int b = from; b < plan.Batches; b++)
        {
            batches.Add([.. plan.Batch(b, default).ToArray().Select(blocks.RowIn)]);
        }

        return batches;
    }
}
