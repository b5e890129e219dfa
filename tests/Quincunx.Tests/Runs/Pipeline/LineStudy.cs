using System.Globalization;
using System.Text.RegularExpressions;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>A study of <see cref="LineCatalog"/> that runs in about a second.</summary>
internal sealed record LineStudy
{
    public string Title { get; init; } = "A line";

    /// <summary>One of <see cref="LineCatalog"/> with these parameters.</summary>
    public string Simulator { get; init; } = "line";

    public string Fails { get; init; } = "never";

    public double StartMean { get; init; }

    public string Observation { get; init; } = "1.2, 1.4, 2.3";

    public int Rounds { get; init; } = 1;

    public bool Reweights { get; init; }

    /// <summary>Keys of the reweighting.</summary>
    public string Importance { get; init; } = "draws: 4000, rounds: 3";

    public int Simulations { get; init; } = 600;

    public int Epochs { get; init; } = 12;

    /// <summary>Key and value of the method, and of its network; separated by a line end.</summary>
    public string Network { get; init; } = "flow: { kind: affine-autoregressive, transforms: 2, hidden: [16] }";

    public string Memory { get; init; } = "512 MiB";

    public string Diagnostics { get; init; } = "{ sbc: 60, sbc-draws: 50, predictive: 100 }";

    /// <summary>Further keys of the study, each on a line.</summary>
    public string More { get; init; } = "";

    /// <summary>Every method of the study file, and the keys that make another method of one.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. InferenceMethod.Names, "npe-ensemble"];

    /// <summary>The word of the study file.</summary>
    public static string Word(string method) => method is "npe-ensemble" or "npe-fresh" or "npe-noise" ? "npe" : method;

    /// <summary>A method and what makes it quick, for <see cref="Network"/>.</summary>
    public static string Small(string method) => $"method: {Word(method)}" + method switch
    {
        "npe-ensemble" => "\nensemble: { members: 3, bootstrapped: true }",
        "npe-fresh" => "\nfresh: true",
        "bnn-npe" => "\nbayesian: { hidden: 2, chains: 2, warm-up: 150, draws: 50, thinning: 1, acceptance: 0.8 }",
        "fmpe" or "npse" => "\nscore: { hidden: [16, 16] }",
        "nle" or "nre-a" or "nre-b" or "nre-c" or "tmnre" or "carl" or "scandal" or "rolr" or "cascal" or "rascal" or "alice" or "alices" => "\nsampler: { chains: 128 }",
        _ => "",
    };

    // The key is an error where there is nothing to train.
    private bool Trains => !Network.Contains("bnn-npe", StringComparison.Ordinal) && (!Network.Contains("abc", StringComparison.Ordinal) || Network.Contains("hidden", StringComparison.Ordinal));

    public Study Load(ScratchFolder folder) => Study.Load(Write(folder), new LineCatalog());

    /// <returns>Path of the study file, <c>line/study.yaml</c>.</returns>
    public string Write(ScratchFolder folder) => folder.Write("line/study.yaml", Yaml());

    /// <summary>Runs the study, up to a stage if one is named.</summary>
    /// <returns>Stage and whether it was reused.</returns>
    public IReadOnlyList<(string Stage, bool Reused)> Run(
        ScratchFolder folder, string output = "run", IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        Study study = Load(folder);
        using var run = RunFolder.Open(folder[output], study, TimeProvider.System);
        return [.. new StageEngine(run, StudyPipeline.Create(study).Stages, progress).Run(last: null, cancel).Select(s => (s.Name, s.Reused))];
    }

    /// <summary>Name and contents of each file of a run; the manifest, locks and what the report marks as volatile are left out, and of the store it is the rows.</summary>
    public static SortedDictionary<string, string> Contents(string run)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(run, file).Replace('\\', '/');
            if (name is "manifest.json" or ".lock" or ".lock-holder")
            {
                continue;
            }

            contents.Add(name, name == "simulations.db" ? StoreContents.Of(file) : name == "report.html"
                ? Regex.Replace(File.ReadAllText(file), "(?<open><(?<tag>\\w+)[^>]* data-volatile>).*?(?<close></\\k<tag>>)", "${open}${close}", RegexOptions.Singleline, TimeSpan.FromSeconds(10))
                : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
        }

        return contents;
    }

    private string Yaml() => string.Create(CultureInfo.InvariantCulture, $$"""
        format: 1
        title: {{Title}}
        simulator: { name: {{Simulator}}, options: { fails: {{Fails}} } }
        prior:
          start: { normal: { mean: {{StartMean}}, sd: 1 } }
          slope: { normal: { mean: 0, sd: 1 } }
        observation: { values: [{{Observation}}] }
        seed: 7
        inference:
          simulations: {{Simulations}}
          rounds: {{Rounds}}
          memory: {{Memory}}
          {{Network.Replace("\n", "\n  ", StringComparison.Ordinal)}}
          {{(Trains ? $"training: {{ batch: 50, learning-rate: 0.005, max-epochs: {Epochs} }}" : "")}}
        {{(Reweights ? $"importance: {{ {Importance} }}" : "")}}
        {{More}}
        diagnostics: {{Diagnostics}}
        posterior: { draws: 2000 }
        """);
}
