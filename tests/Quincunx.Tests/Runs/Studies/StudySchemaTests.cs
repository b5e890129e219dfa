using System.Text.Json.Nodes;
using Quincunx.Runs.Studies;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Tests.Runs.Studies;

public sealed class StudySchemaTests
{
    /// <summary>Set to 1 to write the schema and the reference tables into docs/; read the diff.</summary>
    private const string UpdateSwitch = "QUINCUNX_UPDATE_GOLDEN";

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Quincunx.slnx")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }
    }

    [Fact]
    public void Text_PublishedSchema_IsInStep() => AssertInStep(Path.Combine(Root, "docs", "study.schema.json"), _ => StudySchema.Text());

    [Fact]
    public void Reference_KeyTables_AreInStep() => AssertInStep(Path.Combine(Root, "docs", "guide", "study-file.md"), page =>
    {
        const string Begin = "<!-- keys: written by StudySchemaTests -->\n", End = "<!-- end keys -->";
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, "the page has lost its markers");
        return page[..from] + StudyReference.Tables() + page[to..];
    });

    [Fact]
    public void Schema_EveryKey_HasDescriptionAndStrictMapping()
    {
        int maps = 0;
        Walk(JsonNode.Parse(StudySchema.Text())!);
        Assert.True(maps > 10);

        void Walk(JsonNode node)
        {
            if (node is JsonObject o && o["properties"] is JsonObject properties)
            {
                maps++;
                Assert.False((bool)o["additionalProperties"]!);
                Assert.All(properties, p => Assert.False(string.IsNullOrEmpty((string?)p.Value!["description"])));
            }

            foreach (JsonNode? child in node is JsonObject p2 ? p2.Select(p => p.Value) : node is JsonArray a ? a : [])
            {
                if (child is JsonObject or JsonArray)
                {
                    Walk(child);
                }
            }
        }
    }

    [Fact]
    public void Defaults_EveryOne_ObeysItsOwnRule()
    {
        int count = 0;
        Walk(StudyKeys.Root);
        Assert.True(count > 15);

        void Walk(MapRule map)
        {
            foreach (KeyRule key in map.Keys)
            {
                if (key.Rule is MapRule inner)
                {
                    Walk(inner);
                }

                if (key.Default is not null)
                {
                    count++;
                    string text = key.Default is int[] list ? $"[{string.Join(", ", list)}]" : StudyReference.Show(key.Default);
                    var problems = new List<StudyProblem>();
                    var item = Quincunx.Runs.Studies.Yaml.YamlTree.Read("f", System.Text.Encoding.UTF8.GetBytes(text), problems);
                    Assert.NotNull(key.Rule.Read(item!, key.Name, new ProblemList("f")));
                }
            }
        }
    }

    private static void AssertInStep(string path, Func<string, string> expected)
    {
        string now = File.Exists(path) ? File.ReadAllText(path) : "";
        string text = expected(now);
        if (Environment.GetEnvironmentVariable(UpdateSwitch) == "1")
        {
            File.WriteAllText(path, text);
            return;
        }

        Assert.Equal(text, now, ignoreLineEndingDifferences: true);
    }
}
