using System.Globalization;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>The keys under <c>execution</c>.</summary>
internal static class ExecutionKeys
{
    private const string Line = "[^\\x00-\\x1f]+";

    public static MapRule Rule { get; } = new(
        "a mapping",
        [
            new("engine", new ChoiceRule(ExecutionSettings.Engines),
                "threads: of this process. local: processes of this machine. slurm: a job array of a Slurm cluster. script: scripts for another scheduler are written, and the next run gathers.", Default: ExecutionSettings.Engines[0]),
            new("workers", new IntegerRule(1, 4096), "Processes of the local engine. Absent: one for each core."),
            new("shards", new IntegerRule(1, Campaigns.ShardNumber.MostShards), "Parts that the simulations of a round are cut into; not for threads. Absent: 8 for each local worker, 100 on a cluster, more where a part would take more than 256 MiB."),
            new("attempts", new IntegerRule(1, 1000), "How often a part may be lost without any progress before the run ends with an error.", Default: 3),
            new("poll", new NumberRule(0.05, 3600), "Seconds between two looks at the cluster's queue.", Default: 10.0),
            new("time", new PatternRule(
                "a time limit as Slurm writes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds",
                "[0-9]{1,6}(:[0-9]{2}){0,2}|[0-9]{1,3}-[0-9]{1,2}(:[0-9]{2}){0,2}"), "Time limit of a part's job. What is done before it is kept, and another job goes on from there. Absent: the cluster's own."),
            new("memory", new SizeRule(), "Memory of a part's job. Absent: the cluster's own."),
            new("cpus", new IntegerRule(1, 4096), "Processors of a part's job, which are all used.", Default: 1),
            new("partition", new PatternRule("the name of a partition", "[^\\s]+"), "Partition of the cluster."),
            new("account", new PatternRule("the name of an account", "[^\\s]+"), "Account that the jobs are charged to."),
            new("at-once", new IntegerRule(1, 1_000_000), "Jobs that may run at the same time. Absent: as many as the cluster lets."),
            new("setup", new ListRule(new PatternRule("a line of shell", Line), "a list of lines of shell"), "Lines of shell before each part, such as module load dotnet."),
            new("options", new ListRule(new PatternRule("an option of sbatch, such as --qos=long", "-" + Line), "a list of options of sbatch"), "Further options of sbatch, such as --qos=long; for the engine slurm."),
        ]);

    public static ExecutionSettings Read(StudyMap map) => new()
    {
        Engine = map.Text("engine"),
        Workers = map.Integer("workers"),
        Shards = map.Integer("shards"),
        Attempts = map.Integer("attempts"),
        Poll = TimeSpan.FromSeconds(map.Number("poll")),
        Time = OrNull("time", map),
        Memory = OrNull("memory", map) is { } size ? SizeRule.Bytes(size) : null,
        Cpus = map.Integer("cpus"),
        Partition = OrNull("partition", map),
        Account = OrNull("account", map),
        AtOnce = map.Integer("at-once"),
        Setup = Texts("setup", map),
        Options = Texts("options", map),
    };

    /// <summary>A time limit as Slurm writes it (sbatch(1), --time).</summary>
    public static TimeSpan Duration(string time)
    {
        string[] halves = time.Split('-');
        int[] parts = [.. halves[^1].Split(':').Select(p => int.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture))];
        // With days the first number is hours; else one number is minutes, two are minutes and seconds, three begin with hours.
        (int hours, int minutes, int seconds) = halves.Length == 2
            ? (parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2))
            : parts switch { [var h, var m, var s] => (h, m, s), [var m, var s] => (0, m, s), _ => (0, parts[0], 0) };
        return new TimeSpan(halves.Length == 2 ? int.Parse(halves[0], NumberStyles.None, CultureInfo.InvariantCulture) : 0, hours, minutes, seconds);
    }

    private static string? OrNull(string key, StudyMap map) => map.Find(key) is null ? null : map.Text(key);

    private static string[] Texts(string key, StudyMap map) => map.Find(key)?.Content is IReadOnlyList<StudyValue> items ? [.. items.Select(i => (string)i.Content)] : [];
}
