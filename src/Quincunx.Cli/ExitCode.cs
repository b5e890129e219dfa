namespace Quincunx.Cli;

/// <summary>What the process ends with; documented in docs/guide/commands.md and in <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>Done; where there is a verdict, it is "trusted" or "caution".</summary>
    public const int Success = 0;

    /// <summary>An error inside Quincunx.</summary>
    public const int Bug = 1;

    /// <summary>A file, option or study that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Finished, and the checks say that the result must not be relied on.</summary>
    public const int DoNotTrust = 3;

    /// <summary>Stopped by Ctrl-C or a termination signal; the same command goes on.</summary>
    public const int Interrupted = 4;
}
