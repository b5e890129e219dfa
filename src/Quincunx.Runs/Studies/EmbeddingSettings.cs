using System.Text.Json.Serialization;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.embedding</c>. Those that the kind does not have are null.</summary>
/// <param name="Hidden">Of the MLP, or of the linear layers behind the others.</param>
/// <param name="Outputs">Number of summaries.</param>
/// <param name="Kind">One of <see cref="Kinds"/>, or <c>assembly</c>.</param>
/// <param name="Context">Last outputs of the simulator that are appended to the summaries and are not part of the layout.</param>
/// <param name="Places">Whether the layers behind convolutions see every place, or steps of a transformer are told theirs.</param>
/// <param name="Window">Places that a convolution sees, or steps that a step of a transformer is made of.</param>
/// <param name="Features">Numbers of an element of a set or of a step of a sequence.</param>
/// <param name="Own">The type of an assembly that it is; null for the kinds there are.</param>
public sealed record EmbeddingSettings(
    IReadOnlyList<int> Hidden,
    int Outputs,
    string Kind = "mlp",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Context = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Channels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Grid = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Filters = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Window = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pooling = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Places = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Features = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Width = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Heads = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Blocks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Layers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AssemblyType? Own = null)
{
    internal const string OwnKind = "assembly";

    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["mlp", "convolution", "deep-set", "set-transformer", "transformer", "recurrent"];

    /// <summary>Keys of a kind, beside <c>kind</c>, <c>outputs</c> and, but for <c>mlp</c>, <c>context</c>.</summary>
    internal static IReadOnlyList<string> KeysOf(string kind) => kind switch
    {
        "mlp" => ["hidden"],
        "convolution" => ["channels", "grid", "filters", "window", "pooling", "places", "hidden"],
        "deep-set" => ["features", "width", "pooling", "hidden"],
        "set-transformer" => ["features", "width", "heads", "blocks"],
        "transformer" => ["features", "window", "places", "width", "heads", "blocks", "hidden"],
        _ => ["features", "width", "layers", "hidden"],
    };

    /// <summary>The kinds of pooling that a kind of embedding has; the first is the default.</summary>
    internal static IReadOnlyList<string> PoolingsOf(string kind) => kind == "convolution" ? ["mean", "max", "none"] : ["mean", "sum", "max", "attention"];

    /// <exception cref="InvalidOperationException">It is of an assembly, and was read without its study.</exception>
    internal EmbeddingOptions Create() => Kind switch
    {
        OwnKind => Own?.Instance as EmbeddingOptions ?? throw new InvalidOperationException($"Expected the study of an embedding by {Own?.Describe()}, which is what loads it."),
        "mlp" => new MlpEmbeddingOptions { Hidden = Hidden, Outputs = Outputs },
        "convolution" => new ConvolutionEmbeddingOptions
        {
            Channels = Channels!.Value,
            Grid = Grid ?? [],
            Filters = Filters!,
            Window = Window!.Value,
            Pooling = Enum.Parse<GridPooling>(Pooling!, ignoreCase: true),
            KeepsPlaces = Places!.Value,
            Hidden = Hidden,
            Outputs = Outputs,
        },
        "deep-set" => new DeepSetEmbeddingOptions { Features = Features!.Value, Width = Width!.Value, Pooling = Enum.Parse<SetPooling>(Pooling!, ignoreCase: true), Hidden = Hidden, Outputs = Outputs },
        "set-transformer" => new SetTransformerEmbeddingOptions { Features = Features!.Value, Width = Width!.Value, Heads = Heads!.Value, Blocks = Blocks!.Value, Outputs = Outputs },
        "transformer" => new TransformerEmbeddingOptions
        {
            Features = Features!.Value,
            Window = Window ?? 1,   // Files of before there were windows: their weights are refused by name.
            KeepsPlaces = Places ?? true,
            Width = Width!.Value,
            Heads = Heads!.Value,
            Blocks = Blocks!.Value,
            Hidden = Hidden,
            Outputs = Outputs,
        },
        _ => new RecurrentEmbeddingOptions { Features = Features!.Value, Width = Width!.Value, Layers = Layers!.Value, Hidden = Hidden, Outputs = Outputs },
    };

    internal void AddTo(InputHash hash)
    {
        hash.Add("embedding", Hidden).Add("outputs", Outputs);
        if (Own is not null)
        {
            hash.Add("embedding-kind", Kind).Add("context", Context);
            Own.AddTo(hash);
        }
        else if (Kind != Kinds[0])
        {
            hash.Add("embedding-kind", Kind).Add("embedding-pooling", Pooling ?? "").Add("embedding-grid", Grid ?? []).Add("embedding-filters", Filters ?? []);
            hash.Add("embedding-numbers", [Context, Channels ?? 0, Window ?? 0, Places is true ? 1 : 0, Features ?? 0, Width ?? 0, Heads ?? 0, Blocks ?? 0, Layers ?? 0]);
        }
    }

    /// <summary>In words, for the report: "by layers 64".</summary>
    internal string Describe()
    {
        string layers = Hidden.Count > 0 ? $"layers {string.Join(", ", Hidden)}" : "a linear map", each = Features is > 1 ? $" of {Features} numbers each" : "";
        return Kind switch
        {
            OwnKind => $"by {Own!.Describe()}",
            "mlp" => $"by {layers}",
            "convolution" => $"by convolutions with {string.Join(", ", Filters!)} filters and windows of {Window}{(Grid is { Count: > 0 } ? $" on {string.Join(" x ", Grid)} places" : "")}"
                + $"{(Channels > 1 ? $" of {Channels} channels" : "")}{(Pooling == "none" ? "" : $", {Pooling} pooling")}, then {(Places is true ? "" : "the mean over places and ")}{layers}",
            "deep-set" => $"by a deep set of elements{each}, {layers} for each, {Pooling} of {Width} numbers, {layers} behind it",
            "set-transformer" => $"by a set transformer of elements{each}, width {Width}, {Blocks} blocks, {Heads} heads",
            "transformer" => $"by a transformer over steps{each}, windows of {Window}, width {Width}, {Blocks} blocks, {Heads} heads{(Places is false ? "" : ", places told")}, the mean over steps and {layers}",
            _ => $"by {Layers} recurrent {(Layers == 1 ? "layer" : "layers")} over steps{each}, width {Width}, then {layers}",
        } + (Context > 0 ? $"; beside them the last {(Context == 1 ? "output" : $"{Context} outputs")} as {(Context == 1 ? "it is" : "they are")}" : "");
    }
}
