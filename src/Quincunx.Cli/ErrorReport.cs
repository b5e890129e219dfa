using System.Reflection;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>Runs a command and turns what it throws into a message and an exit code.</summary>
/// <param name="json">Also as a JSON object on the standard output.</param>
/// <param name="verbose">With the stack of an unexpected error.</param>
internal sealed class ErrorReport(CliHost host, bool json, bool verbose)
{
    public static string Version { get; } =
        typeof(ErrorReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public int Guard(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (OperationCanceledException) when (host.Cancel.IsCancellationRequested)
        {
            return Say(new Record("interrupted", "interrupted", ExitCode.Interrupted, "Interrupted."));
        }
        catch (StudyException e)
        {
            Problem[] problems = [.. e.Problems.Select(p => new Problem(p.File, p.Line, p.Column, p.KeyPath, p.Found, p.Expected, p.Hint))];
            return Say(new Record("error", "study", ExitCode.BadInput, e.Message, problems));
        }
        catch (ArtifactException e)
        {
            return Say(new Record("error", "file", ExitCode.BadInput, e.Message, [new Problem(e.File, 0, 0, e.Entry ?? "", e.Found, e.Expected, null)]));
        }
        catch (ProgramException e)
        {
            return Say(new Record("error", "program", ExitCode.BadInput, e.Message));
        }
        catch (RunException e)
        {
            return Say(new Record("error", "run", ExitCode.BadInput, e.Message));
        }
        catch (OnnxException e)
        {
            return Say(new Record("error", "run", ExitCode.BadInput, "The network cannot be exported. " + e.Message));
        }
        catch (CliException e)
        {
            return Say(new Record("error", "usage", ExitCode.BadInput, e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(new Record("error", "file", ExitCode.BadInput, "The system refused to read or write: " + e.Message));
        }
        catch (OutOfMemoryException)
        {
            return Say(new Record(
                "error", "memory", ExitCode.BadInput,
                "Found too little memory for this study on this machine, expected room for its numbers: "
                + "lower inference.simulations, posterior.draws, importance.draws, diagnostics or the network's sizes. What was complete is kept."));
        }
        catch (Exception e)
        {
            // Everything that honest use can meet has its own type above; what is left is our mistake, and the user is told so.
            return SayBug(e);
        }
    }

    /// <summary>Reports a command line that cannot be parsed.</summary>
    public int Usage(string message) => Say(new Record("error", "usage", ExitCode.BadInput, message));

    private int SayBug(Exception e)
    {
        string more = verbose ? "" : " Add --verbose for the details that a report needs.";
        int code = Say(new Record(
            "error", "bug", ExitCode.Bug,
            $"Unexpected error, {e.GetType().Name}: {e.Message}\nThis is a mistake in quincunx {Version}, not in your study. Please report it with the command, the study and this message.{more}"));
        if (verbose)
        {
            host.Error.WriteLine(e);
        }

        return code;
    }

    private int Say(Record record)
    {
        try
        {
            host.Error.WriteLine(record.Message);
            if (json)
            {
                host.Output.WriteLine(JsonArtifact.Line(record));
            }
        }
        catch (IOException)
        {
            // Nobody can be told; the exit code still says it.
        }

        return record.ExitCode;
    }

    private sealed record Problem(string File, int Line, int Column, string Key, string Found, string Expected, string? Hint);

    private sealed record Record(string Event, string Kind, int ExitCode, string Message, IReadOnlyList<Problem>? Problems = null);
}
