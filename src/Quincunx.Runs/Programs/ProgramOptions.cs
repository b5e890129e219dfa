namespace Quincunx.Runs.Programs;

/// <summary>How a program is started, and the limits it is held to.</summary>
public sealed record ProgramOptions
{
    /// <summary>The program and its arguments. A program with a '/' in its name is looked for from <see cref="Folder"/>, another on the path.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Working folder of the program.</summary>
    public required string Folder { get; init; }

    /// <summary>The study file or whatever else asks for the program, for messages.</summary>
    public string File { get; init; } = "";

    /// <summary>Names of the parameters in the order in which the program takes them; null: what it announces, or <see cref="Expected"/>.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>Names of the parameters that we have to offer, told to the program and used where nobody says otherwise.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary>Names of the outputs; null: what the program announces.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Set for the program beside our own environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>Makes the program, in a folder that stands for <c>{build}</c> here and in <see cref="Command"/>; null: there is nothing to make. See <see cref="Files"/>.</summary>
    public IReadOnlyList<string>? Build { get; init; }

    /// <summary>Files that the program is made of, relative to <see cref="Folder"/>. It is made again when one of them changes.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Processes; 0 for one a processor.</summary>
    public int Workers { get; init; }

    /// <summary>Longest that a simulation may take; null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Longest that a process may take from its start to its announcement.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of memory that a process and what it started may hold: where they hold more after a batch, the process is replaced, and where they hold twice as much, it is killed. Null: no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>A process is replaced after this many simulations; null: never.</summary>
    public long? RestartAfter { get; init; }

    /// <summary>Asked of the program; null: what it prefers.</summary>
    public ProgramMode? Mode { get; init; }

    internal int Processes => Workers == 0 ? System.Environment.ProcessorCount : Workers;

    internal ProgramOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Workers);
        if (Command is not [{ Length: > 0 }, ..])
        {
            throw new ArgumentException("Expected a command of at least one word, got none.", nameof(Command));
        }

        if (Timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(Timeout));
        }

        if (Build is { Count: 0 })
        {
            throw new ArgumentException("Expected a build command of at least one word, got none.", nameof(Build));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Memory ?? 1, 1, nameof(Memory));
        ArgumentOutOfRangeException.ThrowIfLessThan(RestartAfter ?? 1, 1, nameof(RestartAfter));
        return this;
    }
}
