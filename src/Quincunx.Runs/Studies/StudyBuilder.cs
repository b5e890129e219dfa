using Quincunx.Inference.Marginals;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies.Rules;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies;

/// <summary>Turns a study file into an <see cref="IStudy"/>, or into the list of all that is wrong with it.</summary>
internal sealed class StudyBuilder
{
    public const string FileName = "study.yaml";
    private readonly string _file;
    private readonly ISimulatorCatalog _catalog;
    private readonly ProblemList _problems;
    private readonly string? _observation, _recorded;

    /// <param name="observation">A CSV file that replaces the study's data, or null.</param>
    /// <param name="recorded">A file that replaces the study's recorded simulations, or null.</param>
    public StudyBuilder(string path, ISimulatorCatalog catalog, string? observation = null, string? recorded = null)
    {
        (_file, _catalog, _observation, _recorded) = (Directory.Exists(path) ? Path.Combine(path, FileName) : path, catalog, observation, recorded);
        _problems = new ProblemList(_file);
    }

    /// <summary>A study of either form.</summary>
    public IStudy BuildEither(IExperimentCatalog experiments)
    {
        (YamlItem top, FileFingerprint fingerprint) = ReadTop();
        return IsOfExperiment(top) ? BuildExperiment(top, fingerprint, experiments) : Build(top, fingerprint);
    }

    /// <summary>A study of the first form.</summary>
    public Study Build()
    {
        (YamlItem top, FileFingerprint fingerprint) = ReadTop();
        if (IsOfExperiment(top))
        {
            _problems.Add(top.Line, top.Column, "experiment", "a study of an experiment", "one of a simulator");
            StopIf(condition: true);
        }

        return Build(top, fingerprint);
    }

    private static bool IsOfExperiment(YamlItem top) => top is YamlMap map && map.Entries.Any(e => e.Key.Text == "experiment");

    private (YamlItem Top, FileFingerprint Fingerprint) ReadTop()
    {
        (byte[] bytes, FileFingerprint fingerprint) = ReadFile();
        YamlItem? top = YamlTree.Read(_file, bytes, _problems.Problems);
        StopIf(top is null);
        StopAtOtherFormat(top!);
        return (top!, fingerprint);
    }

    private ExperimentStudy BuildExperiment(YamlItem top, FileFingerprint fingerprint, IExperimentCatalog experiments)
    {
        StudyMap map = StudyKeys.Experiment.Read(top, "", _problems)!.Map;
        var read = new ExperimentReader(experiments, _problems).Read(map.Find("experiment"));
        if (_observation is not null)
        {
            _problems.Add(0, 0, "experiment", $"other data ({_observation})", "none: an experiment observes nothing");
        }

        StopIf(_problems.Problems.Count > 0);
        string name = NameOf(_file);
        return new ExperimentStudy
        {
            File = _file,
            Name = name,
            Title = map.Find("title") is { } title ? (string)title.Content : name,
            Seed = (ulong)map.Long("seed"),
            Inputs = [new StudyInput(Path.GetFileName(_file), fingerprint)],
            ExperimentName = read!.Value.Name,
            Options = read.Value.Options,
            Experiment = read.Value.Experiment,
        };
    }

    private Study Build(YamlItem top, FileFingerprint fingerprint)
    {
        StudyValue? root = StudyKeys.Root.Read(top, "", _problems);
        StopIf(root is null);
        StudyMap map = root!.Map;

        var assemblies = new AssemblyReader(_file, _problems);
        var reader = new SimulatorReader(_file, _catalog, _problems, assemblies, _recorded);
        (string simulatorName, SimulatorOptions options, ISimulator? simulator) = reader.Read(map.Find("simulator"), map.Map("prior").Keys);
        try
        {
            return Build(map, fingerprint, simulatorName, options, simulator, reader, OwnTypes.Read(map.Map("inference"), assemblies));
        }
        catch
        {
            reader.Program?.Dispose();
            throw;
        }
    }

    private Study Build(StudyMap map, FileFingerprint fingerprint, string simulatorName, SimulatorOptions options, ISimulator? simulator, SimulatorReader reader, OwnTypes own)
    {
        IReadOnlyList<ParameterPrior> prior = new PriorReader(_problems).Read(map.Find("prior"), simulatorName, simulator);
        NoiseSettings? noise = new NoiseReader(_problems).Read(map.Find("noise"), simulatorName, simulator);
        bool mayHaveGaps = map.Map("inference").Find("gaps") is not null;
        var observation = new ObservationReader(_file, _problems, mayHaveGaps, noise?.Prior is null ? null : NoiseSettings.LevelName);
        IReadOnlyList<double> observed = observation.Read(map.Find("observation"), _observation, simulatorName, noise is null && map.Find("noise") is not null ? null : simulator);
        if (mayHaveGaps && observed.Count > 0 && observed.SkipLast(noise?.Prior is null ? 0 : 1).All(double.IsNaN))
        {
            _problems.Add(map.Find("observation")!, "no number that is not missing", "at least one");
        }
        else if (map.Map("inference").Find("embedding") is { Map: var embedding } && observed.TakeLast(embedding.Integer("context")).Any(double.IsNaN))
        {
            _problems.Add(map.Find("observation")!, "a circumstance (inference.embedding.context) that is missing", "all of them");
        }

        new NoiseReader(_problems).AgainstObservation(noise, map.Find("observation"), observed, simulator);
        StudyRecording? recording = reader.Recording?.Finish(map, prior);
        PriorCorrelation? correlation = ReadCorrelation(map.Find("correlation"), map.Map("prior").Keys, prior);
        CheckBetweenKeys(map, simulatorName, simulator);
        new NoiseReader(_problems).Check(map, simulator);
        new EquivarianceReader(_problems).BesideNoise(map.Find("noise"), map.Map("inference"));
        new MethodChecks(_problems).AgainstPrior(map.Map("inference"), prior, correlation is not null, recording is not null || reader.Recording is not null);
        if (simulator is not null)
        {
            new MethodChecks(_problems).AgainstOutputs(map.Map("inference"), simulatorName, simulator, map.Find("observation"), observed);
            new MethodChecks(_problems).OfMined(map.Map("inference"), simulatorName, simulator);
            MemoryLimits.Check(map, simulator, _problems);
            new EmbeddingReader(_problems).AgainstOutputs(map.Map("inference").Find("embedding"), own.Embedding, simulatorName, simulator, mayHaveGaps);
            if (map.Map("inference").Find("equivariance") is { } equivariance)
            {
                new EquivarianceReader(_problems).Against(equivariance, own.Group, [.. prior.Select(p => p.Name)], simulatorName, simulator, () => (
                    Study.PriorOf(prior, correlation), StudyModel.NetworkOf(InferenceReader.Read(map.Map("inference"), own, recording))));
            }
        }

        StopIf(_problems.Problems.Count > 0);

        string name = NameOf(_file);
        return new Study
        {
            File = _file,
            Name = name,
            Title = map.Find("title") is { } title ? (string)title.Content : name,
            SimulatorName = simulatorName,
            SimulatorOptions = options,
            Simulator = OrderedSimulator.Create(simulator!, [.. prior.Select(p => p.Name)]),
            Program = reader.Program,
            SimulatorFiles = reader.Files,
            Recorded = recording,
            Prior = prior,
            Correlation = correlation,
            Noise = noise,
            Observation = observed,
            Seed = (ulong)map.Long("seed"),
            Inference = InferenceReader.Read(map.Map("inference"), own, recording),
            Importance = map.Find("importance") is { Map: var importance } ? ImportanceSettings.Of(importance) : null,
            Marginals = map.Find("marginals") is { Map: var marginals } ? new MarginalSettings(marginals.Find("levels") is null ? new MarginalEstimationOptions().Levels : marginals.Numbers("levels"), marginals.Integers("hidden")) : null,
            Diagnostics = ReadDiagnostics(map.Map("diagnostics")),
            PosteriorDraws = map.Map("posterior").Integer("draws"),
            Execution = ExecutionKeys.Read(map.Map("execution")),
            Inputs = [new StudyInput(Path.GetFileName(_file), fingerprint), .. observation.Inputs, .. reader.Program?.Inputs ?? [], .. reader.Files.Union(own.Files), .. recording is null ? Array.Empty<StudyInput>() : [recording.Input]],
        };
    }

    // It names the run folder: for .yaml and ..yaml that would be the folder of all runs.
    private static string NameOf(string file)
    {
        string full = Path.GetFullPath(file);
        return Path.GetFileName(full) == FileName && Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } folder
            ? folder
            : Path.GetFileNameWithoutExtension(full) is { Length: > 0 } name && name.Trim('.').Length > 0 ? name : Path.GetFileNameWithoutExtension(FileName);
    }

    private (byte[] Bytes, FileFingerprint Fingerprint) ReadFile()
    {
        try
        {
            using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > YamlTree.MaximumBytes)
            {
                _problems.Add(0, 0, "", $"a file of {stream.Length} bytes", $"a study of at most {YamlTree.MaximumBytes} bytes");
                StopIf(condition: true);
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            return (bytes, new FileFingerprint(hash, bytes.Length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string expected = Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_file))) && Path.GetFileName(_file) == FileName
                ? $"a {FileName} in that folder"
                : $"a study file, or a folder with a {FileName}";
            _problems.Add(0, 0, "", "no such file", expected);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(0, 0, "", $"a file that cannot be read ({e.Message})", "a readable file");
        }

        throw new StudyException(_problems.Problems);
    }

    // A file of another format would only give a list of misleading complaints.
    private void StopAtOtherFormat(YamlItem top)
    {
        if (top is YamlMap map && map.Entries.FirstOrDefault(e => e.Key.Text == "format") is { Value: YamlScalar value }
            && long.TryParse(value.Text, out long format) && format > StudyKeys.Format)
        {
            _problems.Add(value.Line, value.Column, "format", $"format {format}", $"format {StudyKeys.Format}", "The file is for a newer version of Quincunx.");
            StopIf(condition: true);
        }
    }

    private void StopIf(bool condition)
    {
        if (condition)
        {
            throw new StudyException(_problems.Problems);
        }
    }

    private PriorCorrelation? ReadCorrelation(StudyValue? value, IReadOnlyList<string> names, IReadOnlyList<ParameterPrior> prior)
    {
        if (value?.Map.Find("parameters") is not { } parameters || value.Map.Find("matrix") is not { } matrix)
        {
            return null;
        }

        string[] correlated = [.. ((IReadOnlyList<StudyValue>)parameters.Content).Select(p => (string)p.Content)];
        double[][] rows = [.. ((IReadOnlyList<StudyValue>)matrix.Content).Select(r => ((IReadOnlyList<StudyValue>)r.Content).Select(v => v.Number).ToArray())];
        int before = _problems.Problems.Count;
        foreach (string unknown in correlated.Except(names, StringComparer.Ordinal))
        {
            _problems.Add(parameters, $"'{unknown}', which has no prior", $"some of {string.Join(", ", names)}", Nearest.Hint(unknown, names));
        }

        if (correlated.Distinct(StringComparer.Ordinal).Count() < correlated.Length)
        {
            _problems.Add(parameters, "a name that occurs twice", "each once");
        }

        if (rows.Length != correlated.Length || Array.Exists(rows, r => r.Length != correlated.Length))
        {
            _problems.Add(matrix, $"{rows.Length} rows of {string.Join(", ", rows.Select(r => r.Length).Distinct())} numbers", $"{correlated.Length} rows of {correlated.Length}, one for each of the parameters");
        }

        if (_problems.Problems.Count > before || correlated.Any(name => prior.All(p => p.Name != name)))
        {
            return null;                                        // reported already
        }

        var correlation = new PriorCorrelation(correlated, [.. rows.SelectMany(r => r)]);
        try
        {
            correlation.Join(prior);
            return correlation;
        }
        catch (ArgumentException e)
        {
            _problems.Add(matrix, $"numbers that are no correlation ({e.Message.TrimEnd('.')})", "a symmetric, positive definite matrix with ones on the diagonal");
            return null;
        }
    }

    private void CheckBetweenKeys(StudyMap map, string simulatorName, ISimulator? simulator)
    {
        if (map.Find("importance") is { } importance && map.Find("noise") is null && simulator is not null and not ILikelihood)
        {
            _problems.Add(importance, "importance", "no such key, since it needs a likelihood", $"The simulator {simulatorName} has none.");
        }

        StudyMap inference = map.Map("inference");
        new InferenceReader(_problems).Check(inference);
        var checks = new MethodChecks(_problems);
        checks.OfImportance(map.Find("importance"), inference);
        checks.OfMarginals(map.Find("marginals"), inference);
        checks.BesideGaps(inference.Find("gaps"), map.Find("marginals"), map.Find("importance"));
        if (inference.Find("early") is { } early && inference.Long("rounds") == 1)
        {
            _problems.Add(early, "early", "no such key with one round", "There is no round before the last.");
        }

        StudyMap training = inference.Map("training");
        double held = inference.Long("simulations") * training.Number("validation-share");
        if (inference.Long("simulations") > 0 && held < 1)
        {
            StudyValue? at = training.Find("validation-share") ?? inference.Find("simulations");
            _problems.Add(at!, $"a validation share of {NumberRule.Show(held)} simulations", "at least one simulation");
        }
    }

    /// <summary>The keys of <c>inference</c> by themselves: the defaults of a method.</summary>
    public static InferenceSettings InferenceOf(string method) =>
        InferenceReader.Read(new StudyMap(StudyKeys.InferenceKeys.Keys, new Dictionary<string, StudyValue>(StringComparer.Ordinal), []), OwnTypes.None, recording: null, method);

    /// <summary>The keys of <c>inference</c> by themselves.</summary>
    /// <param name="path">A file with them.</param>
    /// <param name="simulations">Of a round, in place of the file's.</param>
    /// <exception cref="StudyException">The file cannot be read, or something in it is wrong.</exception>
    public static InferenceSettings InferenceOf(string path, string method, ISimulatorCatalog catalog, int? simulations = null)
    {
        MapRule rule = StudyKeys.InferenceKeys;
        var builder = new StudyBuilder(path, catalog);
        (YamlItem top, _) = builder.ReadTop();
        StudyValue? value = rule.Read(top, "", builder._problems);
        builder.StopIf(value is null || builder._problems.Problems.Count > 0);
        new InferenceReader(builder._problems).Check(value!.Map, method);
        var own = OwnTypes.Read(value.Map, new AssemblyReader(builder._file, builder._problems));
        builder.StopIf(builder._problems.Problems.Count > 0);
        return InferenceReader.Read(value.Map, own, recording: null, method, simulations);
    }

    private static DiagnosticsSettings ReadDiagnostics(StudyMap map) =>
        new(map.Integer("sbc"), map.Integer("sbc-draws"), map.Boolean("coverage"), map.Integer("predictive"));
}
