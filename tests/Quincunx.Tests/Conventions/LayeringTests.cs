using System.Reflection;
using System.Xml.Linq;

namespace Quincunx.Tests.Conventions;

public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Quincunx.Numerics"] = ["System.Numerics.Tensors", "MathNet.Numerics"],
        ["Quincunx.Inference"] = ["Quincunx.Numerics"],
        ["Quincunx.Physics"] = ["Quincunx.Inference"],
        ["Quincunx.Runs"] = ["Quincunx.Inference", "YamlDotNet", "Google.Protobuf", "Grpc.Tools", "Microsoft.Data.Sqlite"],
        ["Quincunx.Cli"] = ["Quincunx.Physics", "Quincunx.Runs", "System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void ProjectFile_References_AreThoseOfTheArchitecture(string project)
    {
        XDocument file = XDocument.Load(Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj"));
        IEnumerable<string> references = file.Descendants("PackageReference").Concat(file.Descendants("ProjectReference"))
            .Select(e => System.IO.Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value) is var name && e.Name == "PackageReference" ? e.Attribute("Include")!.Value : name);
        Assert.Equal(Allowed[project].Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Quincunx.Numerics")]
    [InlineData("Quincunx.Inference")]
    [InlineData("Quincunx.Physics")]
    public void Sources_OfTheInnerProjects_TouchNoFileConsoleOrClock(string project)
    {
        string[] forbidden = ["System.IO", "File.", "Console.", "TimeProvider.System", "Stopwatch.", "DateTime."];
        foreach (string source in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", project), "*.cs", SearchOption.AllDirectories))
        {
            if (source.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            {
                continue;
            }

            string[] code = [.. File.ReadLines(source).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))];
            Assert.All(forbidden, word => Assert.DoesNotContain(code, line => line.Contains(word, StringComparison.Ordinal)));
        }
    }

    // A check of the engine that used it would check nothing.
    [Fact]
    public void Sources_OfTheOnnxEvaluator_UseNothingOfTheEngine()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "src", "Quincunx.Runs", "Onnx", "Evaluation");
        Assert.All(Directory.EnumerateFiles(folder, "*.cs"), file => Assert.DoesNotMatch("Quincunx\\.(Numerics|Inference)", File.ReadAllText(file)));
    }

    [Fact]
    public void Types_OfAllProjects_AreSealedOrAbstract()
    {
        IEnumerable<Type> open = Allowed.Keys
            .Select(name => Assembly.Load(name == "Quincunx.Cli" ? "quincunx" : name))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !type.Name.Contains('<', StringComparison.Ordinal) && type.Name != "Program");
        Assert.Empty(open);
    }
}
