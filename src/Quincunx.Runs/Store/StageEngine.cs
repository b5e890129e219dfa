using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Store;

/// <summary>Runs the stages of a study in order and reuses those whose inputs and outputs are unchanged.</summary>
/// <remarks>
/// A stage is reused if its recorded input hash is the present one and each of its files has the recorded hash. Otherwise it is marked as
/// running, run, and marked as complete with its files, each step atomically: a process killed at any moment leaves a folder from which the
/// next one makes the same files as if nothing had happened. Only times, host and attempts in the manifest differ.
/// </remarks>
public sealed class StageEngine
{
    private readonly RunFolder _folder;
    private readonly IReadOnlyList<IStage> _stages;
    private readonly IProgress<StageProgress>? _progress;

    /// <param name="stages">In order; each reads only files of those before it.</param>
    /// <exception cref="ArgumentException">Two stages have one name, or a name is not made of letters, digits and '-'.</exception>
    public StageEngine(RunFolder folder, IReadOnlyList<IStage> stages, IProgress<StageProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(stages);
        foreach (IStage stage in stages)
        {
            RequireWord(stage.Name, "a stage's name");
        }

        if (stages.DistinctBy(s => s.Name).Count() != stages.Count)
        {
            throw new ArgumentException($"Expected different stage names, got {string.Join(", ", stages.Select(s => s.Name))}.", nameof(stages));
        }

        (_folder, _stages, _progress) = (folder, stages, progress);
    }

    /// <summary>Brings the run up to date, up to and including a stage.</summary>
    /// <param name="last">Name of the last stage to run; null for all. Later ones are left as they are, up to date or not.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the next call goes on from there.</exception>
    /// <exception cref="ArtifactException">A file cannot be read or written; what was complete stays so.</exception>
    public IReadOnlyList<StageSummary> Run(string? last, CancellationToken cancel)
    {
        int count = _stages.Count;
        if (last is not null)
        {
            count = 1 + _stages.ToList().FindIndex(s => s.Name == last);
            ArgumentOutOfRangeException.ThrowIfZero(count, nameof(last));
        }
        else
        {
            RemoveObsoleteStages();
        }

        var summaries = new List<StageSummary>();
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            summaries.Add(RunOne(i, count, cancel));
        }

        return summaries;
    }

    internal static void RequireWord(string name, string what)
    {
        if (string.IsNullOrEmpty(name) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException($"Expected {what} of letters, digits and '-', got '{name}'.", nameof(name));
        }
    }

    private StageSummary RunOne(int index, int count, CancellationToken cancel)
    {
        IStage stage = _stages[index];
        string inputHash = HashInputs(index);
        StageRecord? before = _folder.Manifest.Find(stage.Name);
        string? reason = ReasonToRun(stage, before, inputHash, out string? damaged);
        void Report(StageProgress progress) => _progress?.Report(progress);
        StageProgress Note(StageEvent what, string? message) => new(stage.Name, index, count, what, 0, 0, double.NaN, "", [], message);

        if (reason is null)
        {
            _folder.DeleteCheckpoints(stage.Name);      // left if the process was killed between the last two steps below
            ConfirmIfOlder(before!, index);
            Report(Note(StageEvent.Reused, "unchanged"));
            return new StageSummary(stage.Name, Reused: true, before!.Seconds, "unchanged");
        }

        if (damaged is not null)
        {
            Report(Note(StageEvent.Warning, $"{_folder.PathOf(damaged)} is not as it was written; '{stage.Name}' is run again."));
        }

        Report(Note(StageEvent.Started, reason));
        bool goesOn = before is { Status: not StageStatus.Complete } && before.InputHash == inputHash;
        DateTimeOffset started = _folder.Clock.GetUtcNow();
        long began = _folder.Clock.GetTimestamp();
        double Seconds() => (goesOn ? before!.Seconds : 0) + _folder.Clock.GetElapsedTime(began).TotalSeconds;
        var record = new StageRecord(
            stage.Name, StageStatus.Running, inputHash, before?.Outputs ?? [], goesOn ? before!.Attempts + 1 : 1, goesOn ? before!.Seconds : 0, started, Ended: null, Error: null);
        _folder.SaveManifest(_folder.Manifest.With(record));

        var context = new StageContext(_folder, stage, inputHash, (index, count), file => Owner(file, index) is null, Report);
        try
        {
            stage.Run(context, cancel);
        }
        catch (Exception e)
        {
            StageStatus status = e is OperationCanceledException ? StageStatus.Interrupted : StageStatus.Failed;
            SaveQuietly(record with
            {
                Status = status,
                Outputs = Merge(record.Outputs, context.Outputs),
                Seconds = Seconds(),
                Ended = _folder.Clock.GetUtcNow(),
                Error = status == StageStatus.Failed ? e.Message : null,
            });
            throw;
        }

        // Files of an earlier attempt or of other inputs that were not made again go first: were they deleted last, a kill in between
        // would leave files that no record knows.
        foreach (OutputFile stale in record.Outputs.Where(o => context.Outputs.All(n => n.File != o.File) && Owner(o.File, index) is null))
        {
            _folder.Delete(_folder.PathOf(stale.File));
        }

        double seconds = Seconds();
        _folder.SaveManifest(_folder.Manifest.With(record with
        {
            Status = StageStatus.Complete,
            Outputs = [.. context.Outputs],
            Seconds = seconds,
            Ended = _folder.Clock.GetUtcNow(),
        }));
        _folder.DeleteCheckpoints(stage.Name);
        Report(Note(StageEvent.Completed, null));
        return new StageSummary(stage.Name, Reused: false, seconds, reason);
    }

    // An earlier stage whose file was damaged has made it again, the same: by the times alone what this one made would look outdated.
    private void ConfirmIfOlder(StageRecord reused, int index)
    {
        if (_stages.Take(index).Any(s => _folder.Manifest.Find(s.Name)?.Ended > reused.Ended))
        {
            _folder.SaveManifest(_folder.Manifest.With(reused with { Ended = _folder.Clock.GetUtcNow() }));
        }
    }

    private static List<OutputFile> Merge(IReadOnlyList<OutputFile> old, IReadOnlyList<OutputFile> made) =>
        [.. old.Where(o => made.All(m => m.File != o.File)), .. made];

    private string HashInputs(int index)
    {
        IStage stage = _stages[index];
        var hash = new InputHash();
        hash.Add("folder format", RunManifest.CurrentFormat);
        hash.Add("stage", stage.Name);
        hash.Add("version", stage.Version);
        foreach (string file in stage.Reads)
        {
            OutputFile? output = null;
            for (int i = 0; i < index && output is null; i++)
            {
                output = _folder.Manifest.Find(_stages[i].Name)?.Outputs.FirstOrDefault(o => o.File == file);
            }

            hash.Add("file " + file, output?.Sha256 ?? throw new InvalidOperationException($"The stage '{stage.Name}' reads '{file}', which no earlier stage made."));
        }

        stage.AddInputs(hash);
        return hash.Finish();
    }

    private string? ReasonToRun(IStage stage, StageRecord? record, string inputHash, out string? damaged)
    {
        damaged = null;
        if (record is null)
        {
            return "not run before";
        }

        if (record.InputHash != inputHash)
        {
            return "its inputs changed";
        }

        if (record.Status != StageStatus.Complete)
        {
            return record.Status switch
            {
                StageStatus.Failed => "it failed before",
                StageStatus.Interrupted => "it was interrupted",
                _ => "it was killed before it ended",
            };
        }

        foreach (OutputFile output in record.Outputs)
        {
            string path = _folder.PathOf(output.File);
            if (!File.Exists(path))
            {
                return $"{output.File} is missing";
            }

            if (FileFingerprint.Of(path) != new FileFingerprint(output.Sha256, output.Bytes))
            {
                damaged = output.File;
                return $"{output.File} is not as it was written";
            }
        }

        if (stage is IStoringStage storing && storing.Fault(_folder.PathOf) is { } fault)
        {
            damaged = fault.File;
            return fault.Reason;
        }

        return null;
    }

    /// <summary>The other stage of this run that made a file; null if none did.</summary>
    private string? Owner(string file, int except)
    {
        for (int i = 0; i < _stages.Count; i++)
        {
            // A later stage's record is of an older run: it gives the file up.
            if (i < except && _folder.Manifest.Find(_stages[i].Name)?.Outputs.Any(o => o.File == file) == true)
            {
                return _stages[i].Name;
            }
        }

        return null;
    }

    // Stages that the study no longer has (fewer rounds, say) leave with their files, so that a folder never mixes two runs.
    private void RemoveObsoleteStages()
    {
        foreach (StageRecord record in _folder.Manifest.Stages.Where(r => _stages.All(s => s.Name != r.Name)).ToList())
        {
            foreach (OutputFile output in record.Outputs)
            {
                bool kept = _folder.Manifest.Stages.Any(r => r.Name != record.Name && r.Outputs.Any(o => o.File == output.File));
                if (!kept)
                {
                    _folder.Delete(_folder.PathOf(output.File));
                }
            }

            _folder.DeleteCheckpoints(record.Name);
            _folder.SaveManifest(_folder.Manifest with { Stages = [.. _folder.Manifest.Stages.Where(r => r.Name != record.Name)] });
        }
    }

    private void SaveQuietly(StageRecord record)
    {
        try
        {
            _folder.SaveManifest(_folder.Manifest.With(record));
        }
        catch (ArtifactException)
        {
            // The stage's own exception says more (and has, on a full disk, the same cause); the next start sees "running".
        }
    }
}
