using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Store;

/// <summary>What a stage may touch: the files it said it reads, the files it makes, its checkpoints, and the progress display.</summary>
public sealed class StageContext
{
    private readonly RunFolder _folder;
    private readonly IStage _stage;
    private readonly string _inputHash;
    private readonly Action<StageProgress> _report;
    private readonly Func<string, bool> _isFree;
    private readonly List<OutputFile> _outputs = [];
    private readonly (int Index, int Count) _place;
    private readonly long _began;
    private double _first = double.NaN;

    internal StageContext(
        RunFolder folder, IStage stage, string inputHash, (int Index, int Count) place, Func<string, bool> isFree, Action<StageProgress> report)
    {
        (_folder, _stage, _inputHash, _place, _isFree, _report) = (folder, stage, inputHash, place, isFree, report);
        _began = folder.Clock.GetTimestamp();
    }

    /// <summary>The run so far, with the times of the stages before this one.</summary>
    public RunManifest Manifest => _folder.Manifest;

    internal IReadOnlyList<OutputFile> Outputs => _outputs;

    /// <summary>Path of a file of an earlier stage.</summary>
    /// <exception cref="InvalidOperationException">The stage did not list it in <see cref="IStage.Reads"/>, so that its contents would
    /// not count as input.</exception>
    public string Input(string file) => _stage.Reads.Contains(file, StringComparer.Ordinal)
        ? _folder.PathOf(file)
        : throw new InvalidOperationException($"The stage '{_stage.Name}' reads '{file}' without saying so.");

    /// <summary>Path of a file that stages share and that is no output of one: what is read of it counts as input by the hashes in another file.</summary>
    internal string Shared(string file) => _folder.PathOf(file);

    /// <summary>Makes an output file, atomically.</summary>
    /// <param name="file">Name inside the run folder, folders with '/': <c>figures/corner.svg</c>.</param>
    /// <param name="what">What it holds, in words for an error message.</param>
    /// <exception cref="ArtifactException">The disk is full or cannot be written.</exception>
    /// <returns>Hash and length of what was written.</returns>
    public FileFingerprint Write(string file, string what, Action<Stream> write)
    {
        string path = _isFree(file) ? _folder.PathOf(file) : throw new InvalidOperationException($"The stage '{_stage.Name}' writes '{file}', which another stage made.");
        FileFingerprint fingerprint = _folder.Write(path, what, write);
        _outputs.RemoveAll(o => o.File == file);
        _outputs.Add(new OutputFile(file, fingerprint.Sha256, fingerprint.Bytes));
        return fingerprint;
    }

    /// <summary>Makes a <c>.npz</c> file.</summary>
    public void WriteNpz(string file, string what, params IReadOnlyList<(string Name, NpyArray Array)> arrays) =>
        Write(file, what, stream => NpzFile.Write(stream, arrays));

    /// <summary>Makes a JSON file; see <see cref="JsonArtifact"/>.</summary>
    public void WriteJson<T>(string file, string what, T value) => Write(file, what, stream => JsonArtifact.Write(stream, value));

    /// <summary>Makes a text file in UTF-8.</summary>
    public void WriteText(string file, string what, string text) => Write(file, what, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a table of numbers.</summary>
    /// <param name="values">Row-major, shape <c>[rows, header]</c>.</param>
    public void WriteCsv(string file, string what, IReadOnlyList<string> header, double[] values) =>
        Write(file, what, stream => CsvTable.Write(stream, header, values));

    /// <summary>A checkpoint of this stage.</summary>
    /// <param name="name">Letters, digits and '-'.</param>
    public Checkpoint Checkpoint(string name = "state")
    {
        StageEngine.RequireWord(name, "a checkpoint's name");
        return new Checkpoint(_folder, _folder.CheckpointPath(_stage.Name, name), _inputHash, Warn);
    }

    /// <summary>Tells how far the work is.</summary>
    /// <param name="total">0 if unknown.</param>
    /// <param name="unit">In the plural: "simulations".</param>
    public void Report(double done, double total, string unit, string? message = null, params IReadOnlyList<(string Name, double Value)> values)
    {
        _first = double.IsNaN(_first) ? done : _first;
        double seconds = _folder.Clock.GetElapsedTime(_began).TotalSeconds;
        double rate = done > _first && seconds > 0 ? (done - _first) / seconds : double.NaN;
        _report(new StageProgress(_stage.Name, _place.Index, _place.Count, StageEvent.Working, done, total, rate, unit, values, message));
    }

    /// <summary>Tells the user something that does not stop the run.</summary>
    public void Warn(string message) =>
        _report(new StageProgress(_stage.Name, _place.Index, _place.Count, StageEvent.Warning, 0, 0, double.NaN, "", [], message));
}
