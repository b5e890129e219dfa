using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Quincunx.Runs.Programs;

/// <summary>One running process of a program: what is sent to it, and what comes back.</summary>
/// <remarks>Output and errors are read on threads of their own all the time, so that a program that talks while nobody listens does not get stuck, and one that is stuck can be left.</remarks>
internal sealed class ProgramProcess : IDisposable
{
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly ProgramLog _log;
    private readonly BlockingCollection<ProgramMessage> _messages = [];
    private readonly BlockingCollection<byte[]> _requests = [];
    private readonly Thread _input, _output, _errors;
    private readonly Action<string> _stray;
    private volatile string? _broken;

    private ProgramProcess(Process process, ProgramLog log, Action<string> stray)
    {
        (_process, _log, _stray) = (process, log, stray);
        (_input, _output, _errors) = (Begin(WriteInput), Begin(ReadOutput), Begin(ReadErrors));
    }

    public int Id => _process.Id;

    /// <summary>Memory of the process and of those it started, in bytes.</summary>
    public long Memory => ProcessTree.Memory(_process);

    /// <param name="stray">Gets lines of its output that are no messages.</param>
    /// <exception cref="ProgramException">It cannot be started.</exception>
    public static ProgramProcess Start(ProgramOptions options, IReadOnlyList<string> command, ProgramLog log, Action<string> stray)
    {
        var start = new ProcessStartInfo(Locate(command[0], options.Folder))
        {
            WorkingDirectory = options.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ProgramProcess(Process.Start(start)!, log, stray);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new ProgramException(options.File, command, $"that it cannot be started ({e.Message})", "a program that is there and may be executed", inner: e);
        }
    }

    /// <summary>Sends a message, on another thread: a program that does not read must not hold up whoever watches it.</summary>
    public void Send(byte[] message) => _requests.Add(message);

    /// <summary>Waits for a message.</summary>
    /// <param name="wait">At most so long; infinite for ever.</param>
    /// <returns>False where none came in time, or none will come any more: see <see cref="HasEnded"/>.</returns>
    public bool TryReceive(TimeSpan wait, out ProgramMessage? message, CancellationToken cancel)
    {
        double milliseconds = wait == Timeout.InfiniteTimeSpan ? Timeout.Infinite : Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue);
        return _messages.TryTake(out message, (int)milliseconds, cancel);
    }

    /// <summary>No message will come any more.</summary>
    public bool HasEnded => _messages.IsCompleted;

    /// <summary>Ends it at once with all that it started, and says how it had ended before, or what it had done wrong: the end of the sentence "it …".</summary>
    public string Kill()
    {
        string? broken = _broken;
        bool ended = HasEnded && broken is null && _process.WaitForExit(Parting);
        KillTree();
        _errors.Join(Parting);          // the end of its errors is what explains it
        return broken is not null ? $"wrote {broken}" : ended ? Describe(_process.ExitCode) : HasEnded ? "closed its standard output" : "was ended";
    }

    /// <summary>Asks it to end, which the end of its input does.</summary>
    public void Close() => _requests.CompleteAdding();

    /// <summary>Closes it, gives it a moment, and ends it.</summary>
    public void Dispose()
    {
        Close();
        _process.WaitForExit(Parting);
        KillTree();
        if (_input.Join(Parting) && _output.Join(Parting) && _errors.Join(Parting))
        {
            _process.Dispose();
            _messages.Dispose();
            _requests.Dispose();
        }
    }

    /// <summary>The program as the system finds it: one with a '/' is looked for from the folder that it will run in, which the runtime would not do.</summary>
    internal static string Locate(string program, string folder) => program.Contains('/') ? Path.GetFullPath(program, Path.GetFullPath(folder)) : program;

    // The runtime gives 128 and the number of the signal, as shells do.
    private static string Describe(int code)
    {
        string signal = (code - 128) switch
        {
            2 => "interrupt",
            4 => "illegal instruction",
            6 => "abort",
            7 => "bus error",
            8 => "arithmetic error",
            9 => "kill",
            11 => "segmentation fault",
            13 => "broken pipe",
            15 => "termination",
            _ => "",
        };
        return $"ended with exit code {code}{(signal.Length > 0 && !OperatingSystem.IsWindows() ? $", signal {code - 128} ({signal})" : "")}";
    }

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Parting);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    // Threads of its own: those of the pool are few, and each of these waits most of the time.
    private static Thread Begin(ThreadStart work)
    {
        var thread = new Thread(work, maxStackSize: 1 << 18) { IsBackground = true, Name = "program" };
        thread.Start();
        return thread;
    }

    private void WriteInput()
    {
        try
        {
            Stream input = _process.StandardInput.BaseStream;
            foreach (byte[] message in _requests.GetConsumingEnumerable())
            {
                input.Write(message);
                input.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended or been ended, which the reader notices.
        }

        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is gone.
        }
    }

    private void ReadOutput()
    {
        try
        {
            var reader = new MessageReader(_process.StandardOutput.BaseStream, _stray);
            while (reader.Read() is { } message)
            {
                _messages.Add(message);
            }
        }
        catch (FormatException e)
        {
            _broken = e.Message;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // As at the end of the output.
        }
        finally
        {
            _messages.CompleteAdding();
        }
    }

    private void ReadErrors()
    {
        byte[] buffer = new byte[1 << 13];
        try
        {
            Stream errors = _process.StandardError.BaseStream;
            for (int count = errors.Read(buffer); count > 0; count = errors.Read(buffer))
            {
                _log.Add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // As at its end.
        }
    }
}
