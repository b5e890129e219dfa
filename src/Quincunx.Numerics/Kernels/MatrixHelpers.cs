namespace Quincunx.Numerics.Kernels;

/// <summary>Threads of the pool that, having helped with a product, stay awake a moment for the next.</summary>
/// <remarks>Waking a thread takes as long as a product of two matrices of 256 squared takes; a computation has many, close behind each other.</remarks>
internal static class MatrixHelpers
{
    // Some 37 ns each: a helper waits for about 50 microseconds.
    private const int Patience = 1400;

    private static readonly object Waiting = new();

    // For each place: null where it is free, Waiting where a helper looks at it, else the work that the helper is to do.
    private static readonly object?[] Places = new object?[Environment.ProcessorCount];

    /// <summary>Has the work executed by another thread, at once if one is awake.</summary>
    public static void Call(IHelped work)
    {
        for (int i = 0; i < Places.Length; i++)
        {
            if (Places[i] == Waiting && Interlocked.CompareExchange(ref Places[i], work, Waiting) == Waiting)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    /// <summary>Helps with the work and with what is called for soon after.</summary>
    public static void Serve(IHelped work)
    {
        for (IHelped? next = work; next is not null; next = Next())
        {
            next.Help();
        }
    }

    /// <summary>Looks for a moment whether <paramref name="count"/> falls to zero.</summary>
    public static void Await(ref int count)
    {
        for (int i = 0; i < Patience && Volatile.Read(ref count) > 0; i++)
        {
            Thread.SpinWait(1);
        }
    }

    // Null if nothing is called for within the helper's patience.
    private static IHelped? Next()
    {
        int place = 0;
        while (place < Places.Length && Interlocked.CompareExchange(ref Places[place], Waiting, null) is not null)
        {
            place++;
        }

        if (place == Places.Length)
        {
            return null;
        }

        for (int i = 0; i < Patience && Volatile.Read(ref Places[place]) == Waiting; i++)
        {
            Thread.SpinWait(1);
        }

        // Only the helper frees its place, so what was put there is not lost.
        return Interlocked.Exchange(ref Places[place], null) as IHelped;
    }
}
