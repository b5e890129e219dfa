namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>The operators that can be evaluated: those that an export writes.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Operator> All = Create();

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static Operator? Find(string name) => All.GetValueOrDefault(name);

    private static Dictionary<string, Operator> Create()
    {
        var table = new Dictionary<string, Operator>(StringComparer.Ordinal);
        UnaryOperators.AddTo(table);
        PairOperators.AddTo(table);
        ReductionOperators.AddTo(table);
        LayoutOperators.AddTo(table);
        IndexOperators.AddTo(table);
        ProductOperators.AddTo(table);
        WindowOperators.AddTo(table);
        FourierOperators.AddTo(table);
        return table;
    }
}
