namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>execution</c>: where simulations are made. Nothing here changes a result.</summary>
public sealed record ExecutionSettings
{
    /// <summary>What <see cref="Engine"/> may be, the default first.</summary>
    public static IReadOnlyList<string> Engines { get; } = ["threads", "local", "slurm", "script"];

    public string Engine { get; init; } = Engines[0];

    /// <summary>Processes of the local engine; 0 for one a core.</summary>
    public int Workers { get; init; }

    /// <summary>Shards that a round is cut into; 0 for a number that suits the engine.</summary>
    public int Shards { get; init; }

    /// <summary>How often a shard may be lost without progress before the run fails.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Time between two looks at the cluster's queue.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time limit of a shard's job, as Slurm writes it; null for the cluster's own.</summary>
    public string? Time { get; init; }

    /// <summary>Bytes of memory of a shard's job; null for the cluster's own.</summary>
    public long? Memory { get; init; }

    /// <summary>Processors of a shard's job.</summary>
    public int Cpus { get; init; } = 1;

    public string? Partition { get; init; }

    public string? Account { get; init; }

    /// <summary>Jobs that may run at the same time; 0 for as many as the cluster lets.</summary>
    public int AtOnce { get; init; }

    /// <summary>Lines of shell before the program, such as <c>module load dotnet</c>.</summary>
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>Further options of sbatch.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
