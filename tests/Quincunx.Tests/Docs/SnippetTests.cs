using System.Text.RegularExpressions;
using Quincunx.Cli;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Docs;

public sealed partial class SnippetTests
{
    [Theory]
    [InlineData("docs/guide/library.md", "tests/Quincunx.Tests/Docs/LibraryGuide.cs", "library")]
    [InlineData("docs/methods/abc.md", "tests/Quincunx.Tests/Inference/Abc/RejectionAbcTests.cs", "abc")]
    [InlineData("docs/methods/abc.md", "tests/Quincunx.Tests/Inference/Abc/LearnedSummaryTests.cs", "abc-learned")]
    [InlineData("docs/methods/embeddings.md", "tests/Quincunx.Tests/Inference/Embeddings/EmbeddingExactTests.cs", "embeddings")]
    [InlineData("docs/methods/embeddings.md", "tests/Quincunx.Tests/Inference/Embeddings/EmbeddingCases.cs", "embedding-own")]
    [InlineData("docs/methods/embeddings.md", "tests/Quincunx.Tests/Runs/Programs/OwnEmbeddings.cs", "embedding-study")]
    [InlineData("docs/methods/gnpe.md", "tests/Quincunx.Tests/Inference/Equivariance/EquivariantGuide.cs", "gnpe")]
    [InlineData("docs/methods/ensembles.md", "tests/Quincunx.Tests/Inference/Ensembles/EnsembleEstimationTests.cs", "ensembles")]
    [InlineData("docs/methods/last-layer.md", "tests/Quincunx.Tests/Inference/BayesianNetworks/LastLayerEstimationTests.cs", "last-layer")]
    [InlineData("docs/methods/bayesian-networks.md", "tests/Quincunx.Tests/Inference/BayesianNetworks/BayesianNetworkEstimationTests.cs", "bayesian-networks")]
    [InlineData("docs/methods/mined-gold.md", "tests/Quincunx.Tests/Inference/Gold/GoldEstimationTests.cs", "mined-gold")]
    [InlineData("docs/methods/local-score.md", "tests/Quincunx.Tests/Inference/Gold/LocalScoreGuide.cs", "local-score")]
    [InlineData("docs/methods/fresh-simulations.md", "tests/Quincunx.Tests/Inference/Fresh/NoiseLevelTests.cs", "fresh-noise")]
    [InlineData("docs/methods/fresh-simulations.md", "tests/Quincunx.Tests/Inference/Fresh/NoiseLevelTests.cs", "fresh-gaps")]
    [InlineData("docs/methods/fresh-simulations.md", "tests/Quincunx.Tests/Inference/Fresh/Signs.cs", "augmentation")]
    [InlineData("docs/methods/fresh-simulations.md", "tests/Quincunx.Tests/Inference/Fresh/AugmentationTests.cs", "augmented")]
    [InlineData("docs/methods/fresh-simulations.md", "tests/Quincunx.Tests/Inference/Pilots/PilotPosteriorTests.cs", "pilot")]
    [InlineData("docs/methods/avo.md", "tests/Quincunx.Tests/Inference/Adversarial/AvoGuide.cs", "avo")]
    [InlineData("docs/methods/nre.md", "tests/Quincunx.Tests/Inference/Nre/NeuralRatioEstimationTests.cs", "nre")]
    [InlineData("docs/methods/nre.md", "tests/Quincunx.Tests/Inference/Nre/CalibratedRatioTests.cs", "carl")]
    [InlineData("docs/methods/nre.md", "tests/Quincunx.Tests/Inference/Nre/TmnreTests.cs", "tmnre")]
    [InlineData("docs/methods/restricted-priors.md", "tests/Quincunx.Tests/Inference/Restriction/RestrictedInferenceTests.cs", "restriction")]
    [InlineData("docs/methods/explaining.md", "tests/Quincunx.Tests/Inference/Mechanisms/Explaining/TraceProposalTests.cs", "explaining")]
    [InlineData("docs/methods/samplers.md", "tests/Quincunx.Tests/Inference/Samplers/SamplerGuide.cs", "samplers")]
    [InlineData("docs/methods/onnx.md", "tests/Quincunx.Tests/Runs/Onnx/OnnxFileTests.cs", "onnx")]
    [InlineData("docs/methods/causal-graphs.md", "tests/Quincunx.Tests/Inference/Causal/IdentificationTests.cs", "causal-graphs")]
    [InlineData("docs/methods/causal-programs.md", "tests/Quincunx.Tests/Docs/CausalPrograms.cs", "mechanism")]
    [InlineData("docs/methods/causal-programs.md", "tests/Quincunx.Tests/Docs/CausalPrograms.cs", "readings")]
    [InlineData("docs/methods/causal-programs.md", "tests/Quincunx.Tests/Docs/CausalPrograms.cs", "scripts")]
    public void Page_CodeBlock_IsTheCodeThatRan(string page, string source, string name)
    {
        string code = Read(source);
        int start = code.IndexOf($"// snippet: {name}\n", StringComparison.Ordinal), end = code.IndexOf("// end-snippet", start, StringComparison.Ordinal);
        string[] lines = code[(code.IndexOf('\n', start) + 1)..code.LastIndexOf('\n', end)].Split('\n');
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        string expected = string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
        Assert.Contains($"```csharp\n{expected}\n```", Read(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    public void Page_StudyBlock_IsAStudyThatLoads(string page)
    {
        string yaml = YamlBlock().Match(Read(page)).Groups["yaml"].Value;
        string folder = Directory.CreateTempSubdirectory("quincunx-snippet-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "study.yaml"), yaml);
            var study = Study.Load(folder, new SimulatorCatalogAdapter());
            Assert.Equal("two-moons", study.SimulatorName);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Pages_LinksToFiles_Exist()
    {
        string[] pages = [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories), .. Directory.EnumerateFiles(RepositoryRoot.Path, "*.md")];
        foreach (string page in pages)
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string target = link.Groups["target"].Value.Split('#')[0];
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
                {
                    Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target)), $"{page} links to {target}, which does not exist.");
                }
            }
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
