namespace Quincunx.Runs.Studies.Rules;

/// <summary>The keys under <c>inference.embedding</c>.</summary>
internal static class EmbeddingKeys
{
    private static readonly ListRule Widths = new(new IntegerRule(1, 65_536), "a list of layer widths, such as [50, 50]", maximum: 64);

    public static FormsRule Rule { get; } = new("a mapping with outputs, or with assembly and type", Known(), Own());

    private static MapRule Known() => new(
        "a mapping with outputs",
        [
            new("outputs", new IntegerRule(1, 65_536), "Number of summaries.", Required: true),
            new("kind", new ChoiceRule(EmbeddingSettings.Kinds),
                "mlp: layers over all outputs. convolution: outputs are a time series, a spectrum or an image. deep-set, set-transformer: they are elements without an order. transformer, recurrent: they are steps of a sequence.",
                Default: EmbeddingSettings.Kinds[0]),
            new("hidden", Widths, "Hidden layers: of mlp, behind convolutions and sequences, and for each element and behind the pooling of deep-set; not for set-transformer.", Default: new[] { 64 }),
            new("context", new IntegerRule(1, 65_536), "Last outputs of the simulator that tell circumstances, such as a noise level: they are no part of the layout, and appended to the summaries. Absent: none. Not for mlp, which takes all outputs."),
            new("channels", new IntegerRule(1, 65_536), "Numbers at each place; the outputs are channel after channel. Only for convolution.", Default: 1),
            new("grid", new ListRule(new IntegerRule(1, 1_000_000), "a list of one to three lengths, such as [16, 16]", maximum: 3), "Lengths of the axes of the grid, the last of which runs fastest. Only for convolution. Absent: one axis."),
            new("filters", Widths, "Filters of the first convolution, then of each residual block. Only for convolution.", Default: new[] { 16, 32, 32 }),
            new("window", new IntegerRule(1, 1001), "Places that a convolution sees along each axis, or steps that each step is made of before the blocks of transformer: an odd number. Only for convolution and transformer.", Default: 3),
            new("pooling", new ChoiceRule("mean", "max", "none", "sum", "attention"), "convolution: how each block halves every axis of the grid (mean, max or none). deep-set: how elements become one (mean, sum, max or attention).", Default: "mean"),
            new("places", new BooleanRule(), "Whether where something is counts. convolution: the layers behind see every place that is left, otherwise the mean over them. transformer: steps are told their place, otherwise only how far they are from each other. Only for these.", Default: true),
            new("features", new IntegerRule(1, 65_536), "Numbers of an element or of a step; the outputs are element after element. Only for sets and sequences.", Default: 1),
            new("width", new IntegerRule(1, 65_536), "Numbers of an element, a step or a state inside. Only for sets and sequences.", Default: 64),
            new("heads", new IntegerRule(1, 1024), "Heads of attention, which divide width. Only for the transformers.", Default: 4),
            new("blocks", new IntegerRule(0, 64), "Blocks of attention. Only for the transformers.", Default: 2),
            new("layers", new IntegerRule(1, 16), "Recurrent layers. Only for recurrent.", Default: 1),
        ]);

    private static MapRule Own() => new(
        "a mapping with assembly and type",
        [
            new("assembly", new TextRule("the path of a .NET assembly"), "A .NET assembly with an embedding of your own, relative to the study file, with what it uses beside it.", Required: true),
            new("type", new TextRule("the full name of a type"), "Full name of a public type in it that derives from EmbeddingOptions, which says how many summaries there are.", Required: true),
            new("options", new AnyRule("a mapping of the type's options"), "Arguments of its public constructor, by name: numbers, truth values and texts."),
            new("context", new IntegerRule(1, 65_536), "Last outputs of the simulator that tell circumstances, such as a noise level: the type does not see them, and they are appended to its summaries. Absent: none."),
        ]);
}
