using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>What a value in the study file may be. The reader, the JSON Schema and the reference page are all made from these.</summary>
internal abstract class Rule
{
    /// <summary>End of the sentence "expected …".</summary>
    public abstract string Expected { get; }

    /// <summary>JSON Schema 2020-12 of the same values.</summary>
    public abstract JsonObject Schema();

    /// <summary>The value, or null after reporting what is wrong.</summary>
    public abstract StudyValue? Read(YamlItem item, string path, ProblemList problems);

    /// <summary>Reports that the value is not what was expected.</summary>
    protected StudyValue? Refuse(YamlItem item, string path, ProblemList problems, string? found = null, string? hint = null)
    {
        problems.Add(item.Line, item.Column, path, found ?? item.Describe(), Expected, hint);
        return null;
    }
}
