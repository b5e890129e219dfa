namespace Quincunx.Numerics.Kernels;

/// <summary>How many threads a kernel of the calling thread may use: all cores, or one where the caller is itself one of several that share the cores.</summary>
internal static class KernelThreads
{
    [ThreadStatic]
    private static int _sharing;

    public static int Count => _sharing > 0 ? 1 : Environment.ProcessorCount;

    /// <summary>Keeps kernels of this thread to itself until disposed.</summary>
    public static Share One() => Begin(1);

    /// <summary>Changes nothing until disposed.</summary>
    public static Share All() => Begin(0);

    private static Share Begin(int count)
    {
        _sharing += count;
        return new Share(count);
    }

    public readonly struct Share(int count) : IDisposable
    {
        public void Dispose() => _sharing -= count;
    }
}
