namespace Quincunx.Tests.Cases;

/// <summary>The end of waiting for what must end by itself: far above what it needs on the slowest machine, so that a test fails where it would hang.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Fails with a <see cref="TimeoutException"/> where the work does not end; what it throws is thrown on.</summary>
    public static Task Within(Action work) => Task.Run(work).WaitAsync(Limit);
}
