using System.ComponentModel;
using System.Diagnostics;

namespace Quincunx.Runs.Execution;

/// <summary>Runs another program to its end and keeps what it printed.</summary>
internal static class OtherProgram
{
    /// <param name="command">The program, found on the path, and its arguments.</param>
    /// <param name="environment">Variables that are set for it beside those of this process.</param>
    /// <param name="limit">It is killed, with what it started, after so long.</param>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    /// <exception cref="TimeoutException">It took longer than the limit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; it was killed.</exception>
    public static (int ExitCode, string Output, string Error) Run(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();              // what would ask a person gets no answer
        using CancellationTokenRegistration registration = cancel.Register(() => Kill(process));
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            Kill(process);
            process.WaitForExit();
        }

        cancel.ThrowIfCancellationRequested();
        return ended ? (process.ExitCode, output.Result, error.Result) : throw new TimeoutException($"'{string.Join(' ', command)}' did not end within {limit.TotalSeconds:0} s");
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended.
        }
    }
}
