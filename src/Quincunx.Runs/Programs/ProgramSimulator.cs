using System.Globalization;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Programs;

/// <summary>A program in any language as a simulator: some processes of it, spoken to over their standard input and output.</summary>
/// <remarks>
/// <para>The protocol is documented in docs/guide/programs.md. An event's seed is the first 53 bits of its stream, so that what comes out depends on event and program alone.</para>
/// <para>
/// A process that ends, breaks the protocol or takes too long is ended with all that it started, and replaced. Its simulations without an answer are tried again one at a time. Such a simulation has failed
/// where that happens to it alone in a new process, and at once where it takes too long alone.
/// </para>
/// </remarks>
public sealed class ProgramSimulator : IBatchSimulator, IDisposable
{
    private const int MostRows = 4096, MostNumbers = 1 << 19;

    // What a batch should take: long beside the time between two of them, short for a person who waits for the end of it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private readonly ProgramOptions _options;
    private readonly TimeProvider _clock;
    private readonly ProgramPool _pool;
    private readonly Lock _gate = new();
    private IReadOnlyList<string>? _parameters, _outputs;
    private int _rows = 1;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="clock">Measures how long simulations take; the system's if null.</param>
    /// <exception cref="ArgumentException">The options are not possible ones.</exception>
    public ProgramSimulator(ProgramOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options.Checked(), clock ?? TimeProvider.System);
        _pool = new ProgramPool(_options, _clock);
    }

    /// <summary>The command as one text.</summary>
    public string Name => string.Join(' ', _options.Command);

    /// <inheritdoc/>
    /// <remarks>Starts the program where <see cref="ProgramOptions.Parameters"/> is null.</remarks>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public IReadOnlyList<string> ParameterNames => _parameters ??= _options.Parameters ?? Announcement.Parameters ?? _options.Expected;

    /// <inheritdoc/>
    /// <remarks>Starts the program where <see cref="ProgramOptions.Outputs"/> is null.</remarks>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public IReadOnlyList<string> OutputNames => _outputs ??= _options.Outputs ?? Announcement.Outputs!;

    /// <summary>What the program says of itself; starts it if it has not been.</summary>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public ProgramAnnouncement Announcement => _pool.Announcement(CancellationToken.None);

    /// <summary>The same simulator mined for joint score and ratios; null where the program does not give both. Starts the program if it has not been.</summary>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public IMinedSimulator? Mined => Announcement is { HasScore: true, HasRatios: true } ? new MinedProgram(this) : null;

    /// <summary>Processes.</summary>
    public int Concurrency => _options.Processes;

    /// <inheritdoc/>
    public int BatchRows => Volatile.Read(ref _rows);

    /// <summary>Time that the program says it spent simulating, in all its processes.</summary>
    public TimeSpan ProgramTime { get; private set; }

    /// <summary>Lines that the program wrote among its answers and that are none.</summary>
    public long StrayLines => _pool.Strays.Count;

    /// <summary>What a user should know of how the program behaved; each a sentence.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            (long count, string? first) = _pool.Strays;
            if (count > 0)
            {
                yield return $"The program '{Name}' wrote {count} {(count == 1 ? "line" : "lines")} on its standard output that are no answers, first '{first}'. They are left out; it should write them on its standard error.";
            }
        }
    }

    /// <summary>Is told at once what a user should know of how the program behaves; null for nobody. Called from the threads that read what it writes. <see cref="Warnings"/> has the whole afterwards.</summary>
    internal void WarnTo(Action<string>? warn) =>
        _pool.OnStray = warn is null ? null : line => warn($"The program '{Name}' writes lines on its standard output that are no answers, such as '{line}'. They are left out; it should write them on its standard error.");

    /// <summary>From now on what the processes write on their standard error is kept in files <c>worker-N.log</c>, of at most some megabytes each.</summary>
    public void LogTo(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _pool.LogTo(folder);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The simulation failed.</exception>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        string?[] failure = [null];
        Simulate(theta, x, [rng], failure, CancellationToken.None);
        if (failure[0] is { } reason)
        {
            throw new InvalidOperationException(reason);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
    {
        if (streams.IsEmpty)
        {
            return;
        }

        if (theta.Length != streams.Length * ParameterNames.Count || x.Length != streams.Length * OutputNames.Count || failures.Length != streams.Length)
        {
            throw new ArgumentException(
                $"Expected {streams.Length} rows of {ParameterNames.Count} parameters, {OutputNames.Count} outputs and a failure, got {theta.Length}, {x.Length} and {failures.Length} in all.");
        }

        long[] seeds = new long[streams.Length];
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = SeedOf(streams[i]);
        }

        Run(new ProgramBatch { Theta = theta, Seeds = seeds, X = x, Failures = failures }, cancel);
    }

    // 53 bits, so that every reader of JSON keeps it.
    internal static long SeedOf(Rng stream) => (long)(stream.NextUInt64() >> 11);

    /// <summary>Ends all processes: those that do not end by themselves at the end of their input are killed after a moment.</summary>
    public void Dispose() => _pool.Dispose();

    internal void Run(ProgramBatch batch, CancellationToken cancel)
    {
        ProgramWorker worker = _pool.Take(cancel);
        try
        {
            worker.Start(cancel);
            long began = _clock.GetTimestamp();
            ProgramFault? fault = worker.Run(batch, out int answered, out double seconds, cancel);
            if (fault is null)
            {
                Learn(batch, _clock.GetElapsedTime(began), seconds);
                return;
            }

            Volatile.Write(ref _rows, Math.Max(1, BatchRows / 2));
            if (batch.Rows == 1)
            {
                fault = fault.TimedOut ? fault : Alone(worker, batch, fault: null, cancel);
                Explain(batch, fault);
                return;
            }

            for (int row = answered; row < batch.Rows; row++)
            {
                ProgramBatch one = batch.Slice(row, 1);
                Explain(one, Alone(worker, one, fault: null, cancel));
            }
        }
        finally
        {
            _pool.Return(worker);
        }
    }

    // Again and again until it is answered, or fails in a process that has seen nothing else.
    private static ProgramFault? Alone(ProgramWorker worker, ProgramBatch one, ProgramFault? fault, CancellationToken cancel)
    {
        do
        {
            fault = worker.Run(one, out _, out _, cancel);
        }
        while (fault is { TimedOut: false, Fresh: false });
        return fault;
    }

    private static void Explain(ProgramBatch one, ProgramFault? fault)
    {
        if (fault is null)
        {
            return;
        }

        var text = new System.Text.StringBuilder();
        foreach (double value in one.Theta)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(value.ToString("R", CultureInfo.InvariantCulture));
        }

        one.X.Fill(double.NaN);
        one.LogRatios.Fill(double.NaN);
        one.Score.Fill(double.NaN);

        // What a process wrote before it ran out of time depends on what it did before; what a new one wrote does not.
        string errors = fault.TimedOut ? "" : fault.Errors;
        one.Failures[0] = $"The program {fault.What} (seed {one.Seeds[0].ToString(CultureInfo.InvariantCulture)}, theta [{text}]).{ProgramException.Quote(errors)}";
    }

    // The smaller the batch, the more of its time is the way to and fro; so only batches of the wanted size tell the time of a row.
    private void Learn(ProgramBatch batch, TimeSpan elapsed, double seconds)
    {
        lock (_gate)
        {
            ProgramTime += TimeSpan.FromSeconds(Math.Clamp(seconds, 0, elapsed.TotalSeconds));
            if (2 * batch.Rows < _rows)
            {
                return;
            }

            double moment = Math.Min(Moment.TotalSeconds, _options.Timeout is { } limit ? limit.TotalSeconds / 10 : double.PositiveInfinity);
            double each = Math.Max(elapsed.TotalSeconds, 1e-9) / batch.Rows;
            long most = Math.Min(Math.Min(2L * batch.Rows, MostRows), Math.Min(_options.RestartAfter ?? MostRows, MostNumbers / (batch.Parameters + batch.Outputs)));
            _rows = (int)Math.Clamp(moment / each, 1, Math.Max(1, most));
        }
    }
}
