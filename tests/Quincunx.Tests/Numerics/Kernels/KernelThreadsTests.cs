using Quincunx.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Kernels;

public sealed class KernelThreadsTests
{
    [Fact]
    public void Count_WithinOne_IsOneOnThisThreadAlone()
    {
        int elsewhere = 0;
        using (KernelThreads.One())
        {
            using (KernelThreads.All())
            {
                Assert.Equal(1, KernelThreads.Count);
            }

            var other = new Thread(() => elsewhere = KernelThreads.Count);
            other.Start();
            other.Join();
            Assert.Equal(1, KernelThreads.Count);
        }

        Assert.Equal(Environment.ProcessorCount, elsewhere);
        Assert.Equal(Environment.ProcessorCount, KernelThreads.Count);
    }
}
