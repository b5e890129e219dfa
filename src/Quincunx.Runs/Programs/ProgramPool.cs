namespace Quincunx.Runs.Programs;

/// <summary>The processes of a program, and what all of them must agree on.</summary>
internal sealed class ProgramPool : IDisposable
{
    private readonly ProgramOptions _options;
    private readonly Lock _gate = new(), _building = new();
    private IReadOnlyList<string>? _command;
    private readonly SemaphoreSlim _free;
    private readonly Stack<ProgramWorker> _idle;
    private readonly ProgramWorker[] _workers;
    private ProgramAnnouncement? _announcement;
    private long _strays;
    private string? _firstStray;

    public ProgramPool(ProgramOptions options, TimeProvider clock)
    {
        _options = options;
        _workers = [.. Enumerable.Range(1, options.Processes).Select(i => new ProgramWorker(options, i, clock, this))];
        _idle = new Stack<ProgramWorker>(_workers.Reverse());
        _free = new SemaphoreSlim(_workers.Length);
    }

    /// <summary>Lines on standard outputs that were no messages, and the first of them.</summary>
    public (long Count, string? First) Strays
    {
        get
        {
            lock (_gate)
            {
                return (_strays, _firstStray);
            }
        }
    }

    /// <summary>Is told of the first line that is no message, when it comes.</summary>
    public Action<string>? OnStray { get; set; }

    /// <summary>What the processes announce; starts one if none has been.</summary>
    /// <exception cref="ProgramException">It cannot be started, or says nothing that we understand.</exception>
    public ProgramAnnouncement Announcement(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_announcement is { } known)
            {
                return known;
            }
        }

        ProgramWorker worker = Take(cancel);
        try
        {
            return worker.Start(cancel);
        }
        finally
        {
            Return(worker);
        }
    }

    /// <summary>The most recently used worker that is free; waits for one.</summary>
    public ProgramWorker Take(CancellationToken cancel)
    {
        _free.Wait(cancel);
        lock (_gate)
        {
            return _idle.Pop();
        }
    }

    public void Return(ProgramWorker worker)
    {
        lock (_gate)
        {
            _idle.Push(worker);
        }

        _free.Release();
    }

    public void LogTo(string folder)
    {
        foreach (ProgramWorker worker in _workers)
        {
            worker.Log.KeepIn(folder);
        }
    }

    public void Dispose()
    {
        foreach (ProgramWorker worker in _workers)
        {
            worker.Close();                     // all of them, before the first is waited for
        }

        foreach (ProgramWorker worker in _workers)
        {
            worker.Dispose();
        }

        _free.Dispose();
    }

    /// <summary>The command, after what it starts has been made.</summary>
    internal IReadOnlyList<string> Command(CancellationToken cancel)
    {
        if (_options.Build is null)
        {
            return _options.Command;
        }

        lock (_building)
        {
            return _command ??= ProgramBuild.Fill(_options.Command, ProgramBuild.Ensure(_options, cancel));
        }
    }

    internal void AddStray(string line)
    {
        Action<string>? tell;
        lock (_gate)
        {
            tell = _strays++ == 0 ? OnStray : null;
            _firstStray ??= line;
        }

        tell?.Invoke(line);
    }

    /// <summary>Holds what a process announces against what is known and against the other processes.</summary>
    internal void Agree(ProgramAnnouncement announced)
    {
        Require("parameters", announced.Parameters, _options.Parameters);
        Require("outputs", announced.Outputs, _options.Outputs);
        if (announced.Outputs is null && _options.Outputs is null)
        {
            throw Refuse("an announcement without outputs", "their names there, or in the study under simulator.outputs");
        }

        if (_options.Mode is { } mode && announced.Mode != mode)
        {
            throw Refuse($"mode {Word(announced.Mode)}", $"{Word(mode)}, as the study asks for");
        }

        lock (_gate)
        {
            if (_announcement is { } first && (first.Mode != announced.Mode || !Same(first.Parameters, announced.Parameters) || !Same(first.Outputs, announced.Outputs)))
            {
                throw Refuse("another announcement than at its first start", "the same each time");
            }

            _announcement ??= announced;
        }

        void Require(string what, IReadOnlyList<string>? found, IReadOnlyList<string>? expected)
        {
            if (found is not null && expected is not null && !Same(found, expected))
            {
                throw Refuse($"{what} {string.Join(", ", found)}", $"{string.Join(", ", expected)}, as the study says");
            }
        }
    }

    private static bool Same(IReadOnlyList<string>? a, IReadOnlyList<string>? b) => a is null || b is null ? a is null && b is null : a.SequenceEqual(b, StringComparer.Ordinal);

    private static string Word(ProgramMode mode) => mode == ProgramMode.Npy ? "npy" : "json";

    private ProgramException Refuse(string found, string expected) => new(_options.File, _options.Command, found, expected);
}
