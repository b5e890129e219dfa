using Quincunx.Numerics.Tracing;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>How each operation of the engine is written in standard ONNX operators, by the name in its <see cref="OperationNote"/>.</summary>
internal static class TranslationTable
{
    private static readonly Dictionary<string, Translation> All = Create();

    /// <summary>Operations that have a translation.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <exception cref="OnnxException">There is none.</exception>
    public static Translation Of(OperationNote note) => All.TryGetValue(note.Name, out Translation? translation)
        ? translation
        : throw new OnnxException($"The operation {note.Name} has no translation to ONNX.");

    private static Dictionary<string, Translation> Create()
    {
        var table = new Dictionary<string, Translation>(StringComparer.Ordinal);
        ElementwiseTranslations.AddTo(table);
        NumberTranslations.AddTo(table);
        PairTranslations.AddTo(table);
        ReductionTranslations.AddTo(table);
        LayoutTranslations.AddTo(table);
        IndexTranslations.AddTo(table);
        SegmentTranslations.AddTo(table);
        ProductTranslations.AddTo(table);
        TransformTranslations.AddTo(table);
        WindowTranslations.AddTo(table);
        AttentionTranslation.AddTo(table);
        InterpolationTranslation.AddTo(table);
        FourierTranslations.AddTo(table);
        return table;
    }
}
