using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>The keys of <c>inference.embedding</c>: the checks between them and against the simulator, and the settings that they make.</summary>
internal sealed class EmbeddingReader(ProblemList problems)
{
    /// <summary>Reports keys of other kinds, and a pooling that the kind does not have.</summary>
    public void Check(StudyMap embedding)
    {
        if (embedding.Find("assembly") is not null)
        {
            return;                                             // its keys are those of its form
        }

        string kind = embedding.Text("kind");
        IReadOnlyList<string> own = EmbeddingSettings.KeysOf(kind);
        foreach (string key in embedding.Keys.Except(["kind", "outputs"], StringComparer.Ordinal))
        {
            if (!own.Contains(key, StringComparer.Ordinal) && !(key == "context" && kind != EmbeddingSettings.Kinds[0]))
            {
                problems.Add(embedding.Find(key)!, key, $"no such key for {kind}", $"Its own are {string.Join(", ", own)}{(kind == EmbeddingSettings.Kinds[0] ? "" : ", context")}.");
            }
        }

        IReadOnlyList<string> poolings = EmbeddingSettings.PoolingsOf(kind);
        if (embedding.Find("pooling") is { } pooling && own.Contains("pooling", StringComparer.Ordinal) && !poolings.Contains(embedding.Text("pooling"), StringComparer.Ordinal))
        {
            problems.Add(pooling, $"'{embedding.Text("pooling")}'", $"one of {string.Join(", ", poolings)} for {kind}");
        }
    }

    /// <summary>Reports a layout that is not that of the simulator's outputs, sizes that do not go together, and an embedding of the study's own that does not do what one has to.</summary>
    /// <param name="found">The key; null where there is none.</param>
    /// <param name="own">What it names in an assembly, if it does.</param>
    /// <param name="hasGaps">Whether numbers of an observation may be missing.</param>
    public void AgainstOutputs(StudyValue? found, AssemblyType? own, string simulatorName, ISimulator simulator, bool hasGaps)
    {
        if (found is null || problems.Problems.Count > 0)
        {
            return;
        }

        EmbeddingSettings settings = Read(found.Map, own);
        int outputs = simulator.OutputNames.Count, data = outputs - settings.Context;
        string whose = $"{outputs} {(outputs == 1 ? "output" : "outputs")} of {simulatorName}", context = settings.Context > 0 ? $", {settings.Context} of them context" : "";
        if (data < 1)
        {
            problems.Add(found.Map.Find("context")!, $"{settings.Context}", $"fewer than the {whose}");
            return;
        }

        if (own is not null)
        {
            if (OwnEmbedding.Fault(settings.Create(), data, hasGaps) is { } fault)
            {
                problems.Add(found.Map.Find("type")!, $"{own.Type}, which for the {whose}{context} {fault.Found}", fault.Expected);
            }

            return;
        }

        try
        {
            settings.Create().Create(new EmbeddingInput(data), new Rng(0));
        }
        catch (ArgumentException e)
        {
            string why = e.ParamName is null ? e.Message : e.Message.Split(" (Parameter", 2)[0];
            problems.Add(found, $"settings that do not fit the {whose}{context}", "those that do", why);
        }
    }

    /// <param name="own">What the mapping names in an assembly, if it does.</param>
    public static EmbeddingSettings Read(StudyMap map, AssemblyType? own)
    {
        int context = map.Find("context") is null ? 0 : map.Integer("context");
        if (own is not null)
        {
            return new EmbeddingSettings([], ((EmbeddingOptions)own.Instance!).Outputs, EmbeddingSettings.OwnKind, context) { Own = own };
        }

        string kind = map.Text("kind");
        IReadOnlyList<string> keys = EmbeddingSettings.KeysOf(kind);
        bool Has(string key) => keys.Contains(key, StringComparer.Ordinal);
        int? Integer(string key) => Has(key) ? map.Integer(key) : null;
        return new EmbeddingSettings(Has("hidden") ? map.Integers("hidden") : [], map.Integer("outputs"), kind)
        {
            Context = context,
            Channels = Integer("channels"),
            Grid = Has("grid") && map.Find("grid") is not null ? map.Integers("grid") : null,
            Filters = Has("filters") ? map.Integers("filters") : null,
            Window = Integer("window"),
            Pooling = Has("pooling") ? map.Text("pooling") : null,
            Places = Has("places") ? map.Boolean("places") : null,
            Features = Integer("features"),
            Width = Integer("width"),
            Heads = Integer("heads"),
            Blocks = Integer("blocks"),
            Layers = Integer("layers"),
        };
    }
}
