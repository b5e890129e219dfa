using System.Text.Json;
using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>JSON Schema (draft 2020-12) of study files, made from the same table that reads them.</summary>
public static class StudySchema
{
    /// <summary>Text of <c>docs/study.schema.json</c>.</summary>
    public static string Text()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Quincunx study",
            ["description"] = $"A study file of format {StudyKeys.Format}.",
        };
        // Not "oneOf": a reader of that could not tell which form was meant, and would complain about both.
        schema["if"] = new JsonObject { ["required"] = new JsonArray("experiment") };
        schema["then"] = StudyKeys.Experiment.Schema();
        schema["else"] = StudyKeys.Root.Schema();

        var options = new JsonSerializerOptions
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return schema.ToJsonString(options) + "\n";
    }
}
