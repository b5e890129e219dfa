namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>How long, and on what sizes, the engine is measured.</summary>
internal sealed record Effort
{
    /// <summary>Times that every row of a section is measured, in turn with the others. Odd, so that the median is one of them.</summary>
    public int Rounds { get; init; } = 31;

    /// <summary>Calls are repeated until a slice lasts about this long: below a scheduler's time slice, far above the clock's resolution.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Calls before the first round, as far as <see cref="WarmUp"/> allows: the runtime compiles a method twice more, each time after 30.</summary>
    public int WarmUpCalls { get; init; } = 80;

    /// <summary>The longest warm-up of a row.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The warm-up of a section ends when the runtime has compiled nothing for this long (it looks every 100 ms for what to compile).</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Elements of the vectors that fit the cache.</summary>
    public int Elements { get; init; } = 1_000_000;

    /// <summary>Memory that a bandwidth loop walks through where it is to be beyond the cache.</summary>
    public int LargeBytes { get; init; } = 256 << 20;

    /// <summary>Side of the largest square products.</summary>
    public int LargestProduct { get; init; } = 1024;

    /// <summary>Rows of the batch of the large network.</summary>
    public int LargeBatch { get; init; } = 4096;

    /// <summary>Posterior draws, and points whose density is asked for.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>Steps over which allocations are counted.</summary>
    public int AllocationSteps { get; init; } = 1000;

    /// <summary>Whether the figures mean something.</summary>
    public bool IsSmoke { get; init; }

    /// <summary>Runs everything once or twice, for a test that it runs.</summary>
    public static Effort Smoke { get; } = new()
    {
        Rounds = 1,
        Slice = TimeSpan.FromTicks(1),
        WarmUpCalls = 1,
        WarmUp = TimeSpan.Zero,
        Quiet = TimeSpan.Zero,
        Elements = 10_000,
        LargeBytes = 3 << 20,
        LargestProduct = 128,
        LargeBatch = 64,
        Draws = 100,
        AllocationSteps = 3,
        IsSmoke = true,
    };
}
