using System.Globalization;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Execution;

/// <summary>Scripts that make shards: one for a single shard, and around it one for each kind of scheduler.</summary>
/// <remarks>All of them end in <c>exec</c>, so that a signal of the scheduler reaches the program, which saves its work.</remarks>
internal sealed class ShardScript(ExecutionSettings settings, WorkerCommand command, CampaignWork work, ShardFolder folder)
{
    public const string Shard = "shard.sh", Slurm = "slurm.sh", Condor = "htcondor.sub", Pbs = "pbs.sh", Loop = "loop.sh", List = "missing.txt";

    // Slurm sends the signal up to a minute early (sbatch(1), --signal); saving takes seconds.
    private static readonly TimeSpan Notice = TimeSpan.FromMinutes(2);

    /// <summary>Writes the script of one shard, whose number is its argument.</summary>
    public void WriteShard() => Write(Shard,
    [
        "#!/bin/bash",
        $"# Makes one shard of {work.Model.Study.Name}, {Pipeline.RunFiles.Round(work.Round)}: its number, from 1 to {folder.Shards}, is the argument. Written by quincunx.",
        $"export DOTNET_PROCESSOR_COUNT={settings.Cpus.ToString(CultureInfo.InvariantCulture)}",
        .. settings.Setup,
        // The number joins what is quoted before and after it.
        "exec " + string.Join(' ', command.Simulate("@", work.Round, work.RunFolder, folder.Path).Select(w => w == "@" ? $"\"$1/{folder.Shards}\"" : ShellText.Quote(w))),
    ]);

    /// <summary>Writes the batch script of Slurm, whose argument is a file with a shard's number for each task.</summary>
    /// <returns>Its path.</returns>
    public string WriteSlurm() => Write(Slurm,
    [
        "#!/bin/bash",
        $"#SBATCH --output={SlurmPath(Path.Combine(folder.Logs, "%A_%a.log"))}",
        "#SBATCH --open-mode=append",
        $"#SBATCH --cpus-per-task={settings.Cpus}",
        .. Directive("--time=", settings.Time),
        .. Directive("--signal=B:TERM@", settings.Time is { } time ? Lead(time) : null),
        .. Directive("--mem=", settings.Memory is { } bytes ? $"{Mebibytes(bytes)}M" : null),
        .. Directive("--partition=", settings.Partition),
        .. Directive("--account=", settings.Account),
        .. settings.Options.Select(o => "#SBATCH " + o),
        $"exec bash {ShellText.Quote(Path.Combine(folder.Path, Shard))} \"$(sed -n \"${{SLURM_ARRAY_TASK_ID}}p\" \"$1\")\"",
    ]);

    /// <summary>Writes scripts for other schedulers, and for none.</summary>
    /// <param name="shards">Numbers of the shards that they are to make.</param>
    public void WriteOthers(IReadOnlyList<int> shards)
    {
        string shard = Path.Combine(folder.Path, Shard), list = Path.Combine(folder.Path, List);
        WriteList(List, shards);
        Write(Condor,
        [
            "# condor_submit this file. Written by quincunx.",
            "executable = /bin/bash",
            $"arguments = \"{CondorQuote(shard)} $(shard)\"",
            "getenv = True",
            "should_transfer_files = NO",
            $"output = {Path.Combine(folder.Logs, "$(shard).log")}",
            $"error = {Path.Combine(folder.Logs, "$(shard).log")}",
            $"log = {Path.Combine(folder.Logs, "htcondor.log")}",
            $"request_cpus = {settings.Cpus}",
            .. settings.Memory is { } bytes ? [$"request_memory = {Mebibytes(bytes)} MB"] : Array.Empty<string>(),
            .. settings.Time is { } time ? [$"+MaxRuntime = {Seconds(time)}"] : Array.Empty<string>(),
            .. settings.AtOnce > 0 ? [$"max_materialize = {settings.AtOnce}"] : Array.Empty<string>(),
            $"queue shard from {list}",
        ]);
        Write(Pbs,
        [
            "#!/bin/bash",
            "#PBS -N quincunx",
            .. shards.Count > 1 ? [$"#PBS -J 1-{shards.Count}"] : Array.Empty<string>(),        // an array has at least two
            "#PBS -j oe",
            $"#PBS -o {folder.Logs}",
            $"#PBS -l select=1:ncpus={settings.Cpus}{(settings.Memory is { } size ? $":mem={Mebibytes(size)}mb" : "")}",
            .. settings.Time is { } wall ? [$"#PBS -l walltime={Seconds(wall)}"] : Array.Empty<string>(),
            .. settings.Partition is { } queue ? [$"#PBS -q {queue}"] : Array.Empty<string>(),
            .. settings.Account is { } account ? [$"#PBS -A {account}"] : Array.Empty<string>(),
            $"exec bash {ShellText.Quote(shard)} \"$(sed -n \"${{PBS_ARRAY_INDEX:-1}}p\" {ShellText.Quote(list)})\"",
        ]);
        Write(Loop,
        [
            "#!/bin/bash",
            "# Makes all shards on this machine; the argument says how many at the same time. Written by quincunx.",
            $"exec xargs -P \"${{1:-1}}\" -n 1 bash {ShellText.Quote(shard)} < {ShellText.Quote(list)}",
        ]);
    }

    /// <summary>Writes a file with a shard's number in each line.</summary>
    /// <returns>Its path.</returns>
    public string WriteList(string name, IEnumerable<int> shards) => Write(name, shards.Select(s => s.ToString(CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Directive(string option, string? value) => value is null ? [] : [$"#SBATCH {option}{value}"];

    // A quarter of a short limit is left for the work.
    private static string Lead(string time) =>
        Math.Clamp((long)(ExecutionKeys.Duration(time).TotalSeconds * 0.75), 1, (long)Notice.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(string time) => ((long)ExecutionKeys.Duration(time).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) => Math.Max(1, bytes >> 20).ToString(CultureInfo.InvariantCulture);

    // In a file name '%' begins a pattern, but for the two that are meant; quotes keep blanks together (sbatch(1), filename pattern).
    private static string SlurmPath(string path)
    {
        string folder = Path.GetDirectoryName(path)!.Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{folder}/{Path.GetFileName(path)}\"";
    }

    // In the new syntax of arguments, single quotes keep blanks together and every quote is doubled (condor_submit(1), arguments).
    private static string CondorQuote(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal).Replace("\"", "\"\"", StringComparison.Ordinal)}'";

    private string Write(string name, IEnumerable<string> lines)
    {
        string path = Path.Combine(folder.Path, name);
        AtomicFile.WriteText(path, "a script", string.Concat(lines.Select(l => l + "\n")));
        return path;
    }
}
