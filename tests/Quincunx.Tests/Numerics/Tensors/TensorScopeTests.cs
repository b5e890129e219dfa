using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public sealed class TensorScopeTests
{
    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Dispose_AfterForwardAndBackward_ReturnsEveryBuffer(string name)
    {
        OpCase row = OpCases.Named(name);
        int before = TensorScope.OutstandingBuffers;
        using (new TensorScope())
        {
            Tensor[] points = [.. OpCases.Points(row, row.Shapes[0]).Select(p => p.Track())];
            Tensor y = row.Run(points);
            Tensor[] gradients = y.IsTracked ? Gradient.Of(y.Sum(), points) : [];
            Assert.All(gradients.Zip(points), p => Assert.Equal(p.Second.Shape, p.First.Shape));
            Assert.True(points.Sum(p => p.Count) == 0 || TensorScope.OutstandingBuffers > before);
        }

        Assert.Equal(before, TensorScope.OutstandingBuffers);
    }

    [Fact]
    public void Keep_FromInnerScope_MovesToTheOuterAndThenOut()
    {
        int before = TensorScope.OutstandingBuffers;
        Tensor kept, middle;
        using (var outer = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                Tensor x = Tensor.Full(new Shape(1000), 2);
                middle = inner.Keep(x * 3);
                kept = inner.Keep(x.Reshape(10, 100) * 4);
            }

            Assert.Equal(before + 2, TensorScope.OutstandingBuffers);
            Tensor.Full(new Shape(1000), -1);
            Assert.Equal(6, middle.ToArray()[999]);
            outer.Keep(kept);
        }

        Assert.Equal(before, TensorScope.OutstandingBuffers);
        Assert.Equal(8, kept.ToArray()[999]);
        Assert.Throws<ObjectDisposedException>(() => middle.ToArray());
    }

    [Fact]
    public void Keep_OfAView_KeepsTheMemoryBehindIt()
    {
        Tensor view;
        using (var scope = new TensorScope())
        {
            view = scope.Keep((Tensor.Ones(new Shape(4)) + 1).Reshape(2, 2).Track());
        }

        using (new TensorScope())
        {
            Tensor.Zeros(new Shape(4));
            Assert.Equal([2.0, 2, 2, 2], view.ToArray());
        }
    }

    [Fact]
    public void Dispose_OutOfOrder_Throws()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();

        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Dispose_OnAnotherThread_Throws()
    {
        using var scope = new TensorScope();
        Exception? seen = null;
        var thread = new Thread(() => seen = Record.Exception(scope.Dispose));
        thread.Start();
        thread.Join();

        Assert.IsType<InvalidOperationException>(seen);
    }

    [Fact]
    public void AsSpan_AfterDispose_Throws()
    {
        Tensor x;
        using (new TensorScope())
        {
            x = Tensor.Ones(new Shape(2));
        }

        Assert.Throws<ObjectDisposedException>(() => x + 1);
        Assert.Throws<InvalidOperationException>(() => Tensor.Ones(new Shape(2)).AsSpan<double>());
    }

    // What a training step allocates besides pooled buffers is small objects, whose number must not grow with the batch.
    [Fact]
    public void Step_WithAScope_AllocatesNoBuffersOnceWarm()
    {
        Tensor w = Tensor.Uniform(-1, 1, new Rng(1), new Shape(64, 64)).Track(), x = Tensor.Uniform(-1, 1, new Rng(2), new Shape(4096, 64));
        void Step()
        {
            using var scope = new TensorScope();
            Gradient.Of(Tensor.Tanh(Tensor.Linear(x, w, null)).Sum(), w);
        }

        Step();
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated < 16_384, $"{allocated} bytes; one activation is {4096 * 64 * 4}.");
    }
}
