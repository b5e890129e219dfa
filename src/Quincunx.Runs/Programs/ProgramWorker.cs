namespace Quincunx.Runs.Programs;

/// <summary>A place in the pool: one process at a time, replaced where it ends, hangs or has done its share.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class ProgramWorker(ProgramOptions options, int number, TimeProvider clock, ProgramPool pool) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);        // between two looks at the memory of a process that is at work
    private ProgramProcess? _process;
    private ProgramAnnouncement? _announcement;
    private long _requests, _done;

    public ProgramLog Log { get; } = new(number, clock);

    /// <summary>Starts a process if none is running.</summary>
    /// <exception cref="ProgramException">It cannot be started, or says nothing that we understand, or something else than the one before.</exception>
    public ProgramAnnouncement Start(CancellationToken cancel)
    {
        if (_process is { HasEnded: true })
        {
            Drop();                                 // between two requests, which costs nobody anything
        }

        if (_process is not null)
        {
            return _announcement!;
        }

        Log.Forget();
        IReadOnlyList<string> command = pool.Command(cancel);
        _process = ProgramProcess.Start(options, command, Log, pool.AddStray);
        (_done, _requests) = (0, 0);
        Log.Say($"worker {number}: process {_process.Id}: {string.Join(' ', command)}");
        try
        {
            _process.Send(RequestWriter.Greeting(options.Parameters ?? options.Expected, options.Mode));
            if (!_process.TryReceive(options.StartTimeout, out ProgramMessage? message, cancel))
            {
                string what = _process.HasEnded ? $"that it {_process.Kill()} before it announced itself" : $"no announcement within {Text(options.StartTimeout)}";
                throw Refuse(what, "a line of JSON such as {\"quincunx\":1,\"outputs\":[\"x\"]} in answer to the first line on its standard input");
            }

            _announcement = ProgramAnnouncement.Read(message!.Line);
            pool.Agree(_announcement);
            return _announcement;
        }
        catch (FormatException e)
        {
            string[] parts = e.Message.Split(", expected ");
            throw Refuse(parts[0], parts[^1]);
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Has simulations run.</summary>
    /// <param name="answered">How many of the first rows have an answer, whatever comes back.</param>
    /// <returns>Why the others have none; null if all have.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the process is gone.</exception>
    public ProgramFault? Run(ProgramBatch batch, out int answered, out double seconds, CancellationToken cancel)
    {
        (answered, seconds) = (0, 0);
        ProgramMode mode = Start(cancel).Mode;
        bool fresh = _done == 0;
        long id = ++_requests, began = clock.GetTimestamp();
        try
        {
            _process!.Send(RequestWriter.Request(mode, id, batch));
            while (answered < batch.Rows)
            {
                if (Receive(began, out string? problem, cancel) is not { } message)
                {
                    return Fail(batch.Seeds[answered..], problem, timedOut: problem?.StartsWith("took", StringComparison.Ordinal) == true, fresh);
                }

                answered += AnswerReader.Read(mode, message, id, batch.Slice(answered, batch.Rows - answered), out double spent);
                seconds += spent;
            }
        }
        catch (FormatException e)
        {
            return Fail(batch.Seeds[answered..], $"wrote {e.Message}", timedOut: false, fresh);
        }
        catch (OperationCanceledException)
        {
            Drop();
            throw;
        }

        _done += batch.Rows;
        long memory = options.Memory is null ? 0 : _process.Memory;
        if (_done >= options.RestartAfter || memory > options.Memory)
        {
            Log.Say($"worker {number}: replaced after {_done} simulations{(memory > 0 ? $", at {Size(memory)}" : "")}");
            Drop();
        }

        return null;
    }

    /// <summary>Ends the process.</summary>
    public void Drop()
    {
        _process?.Kill();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Asks the process to end, without waiting for it.</summary>
    public void Close() => _process?.Close();

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
        Log.Dispose();
    }

    private static string Size(long bytes) => $"{(bytes + (1 << 19)) >> 20} MiB";

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");

    // The limit is of all rows together: a row that takes longer alone takes longer in any batch, and one that does not is tried alone.
    private ProgramMessage? Receive(long began, out string? problem, CancellationToken cancel)
    {
        problem = null;
        while (true)
        {
            TimeSpan wait = options.Timeout is { } limit ? limit - clock.GetElapsedTime(began) : Timeout.InfiniteTimeSpan;
            bool isLast = wait != Timeout.InfiniteTimeSpan && (options.Memory is null || wait < Look);
            if (_process!.TryReceive(isLast ? wait > TimeSpan.Zero ? wait : TimeSpan.Zero : options.Memory is null ? wait : Look, out ProgramMessage? message, cancel))
            {
                return message;
            }

            if (_process.HasEnded)
            {
                return null;
            }

            if (options.Memory is { } most && _process.Memory > 2 * most)
            {
                problem = $"held more than twice the {Size(most)} of memory that it may";
                return null;
            }

            if (isLast)
            {
                problem = $"took longer than {Text(options.Timeout ?? TimeSpan.Zero)}";
                return null;
            }
        }
    }

    /// <param name="seeds">Of the simulations without an answer: the first one's, or in npy mode, where a batch is answered as a whole, any of them may be to blame.</param>
    private ProgramFault Fail(ReadOnlySpan<long> seeds, string? what, bool timedOut, bool fresh)
    {
        string end = _process!.Kill();
        var fault = new ProgramFault(what ?? end, timedOut, fresh, Log.Recent());
        string at = seeds.Length == 1 ? $"at seed {seeds[0]}" : $"at one of {seeds.Length} simulations, which are tried again alone: seeds {string.Join(", ", seeds[..Math.Min(seeds.Length, 20)].ToArray())}{(seeds.Length > 20 ? " and so on" : "")}";
        Log.Say(FormattableString.Invariant($"worker {number}: process {_process.Id} {fault.What} {at}"));
        Drop();
        return fault;
    }

    private ProgramException Refuse(string found, string expected)
    {
        _process?.Kill();
        return new ProgramException(options.File, options.Command, found, expected, Log.Recent());
    }
}
