using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Linear interpolation of a table along an axis.</summary>
internal static class InterpolationTranslation
{
    public static void AddTo(IDictionary<string, Translation> table) => table["Interpolate"] = Interpolate;

    private static string Interpolate(GraphContext g, GraphStep s)
    {
        int axis = s.Note.Int("axis");
        if (s.Inputs[0].Shape[axis] is not { IsFixed: true, Short: var length })
        {
            throw new OnnxException("Interpolate: the table is as long as the batch.");
        }

        DType dtype = s.DType;
        string table = g.Read(s.Inputs[0]), position = g.Read(s.Inputs[1]);
        (string low, string high, string share, string inside) = s.Note.Flag("periodic") ? Periodic(g, position, length, dtype) : Clamped(g, position, length, dtype);
        string a = Entry(low), b = Entry(high), one = g.Number(1, dtype), zero = g.Number(0, dtype);
        if (s.Note.Flag("slope"))
        {
            return g.Node("Where", inside, g.Node("Sub", b, a), g.Node("Mul", share, zero));
        }

        // An entry that is infinite has to give itself where the position is on it.
        string between = g.Node("Add", g.Node("Mul", g.Node("Sub", one, share), a), g.Node("Mul", share, b));
        return g.Node("Where", g.Node("Equal", share, zero), a, g.Node("Where", g.Node("Equal", share, one), b, between));

        // A position that is NaN takes entry 0, and its share of NaN does the rest.
        string Entry(string number)
        {
            string place = g.Nodes.Node(
                "Cast", [g.Node("Where", g.Node("IsNaN", number), g.Number(0, dtype), number)], ("to", (int)Format.TensorData.Types.ElementType.Int64));
            return g.Node("GatherElements", [table, place], ("axis", axis));
        }
    }

    private static (string Low, string High, string Share, string Inside) Clamped(GraphContext g, string position, long length, DType dtype)
    {
        string zero = g.Number(0, dtype), last = g.Number(length - 1, dtype);
        string place = g.Node("Min", g.Node("Max", position, zero), last);
        string low = g.Node("Min", g.Node("Floor", place), g.Number(Math.Max(0, length - 2), dtype));
        string high = length == 1 ? low : g.Node("Add", low, g.Number(1, dtype));
        string inside = length == 1
            ? g.Node("And", g.Node("Less", position, zero), g.Node("Greater", position, zero))
            : g.Node("And", g.Node("GreaterOrEqual", position, zero), g.Node("LessOrEqual", position, last));
        return (low, high, g.Node("Sub", place, low), inside);
    }

    // Rounding may bring a position just below 0 to the period itself, or below 0.
    private static (string Low, string High, string Share, string Inside) Periodic(GraphContext g, string position, long length, DType dtype)
    {
        string zero = g.Number(0, dtype), one = g.Number(1, dtype), period = g.Number(length, dtype);
        string turned = g.Node("Sub", position, g.Node("Mul", g.Node("Floor", g.Node("Div", position, period)), period));
        string floor = g.Node("Floor", turned), below = g.Node("Where", g.Node("GreaterOrEqual", floor, period), g.Node("Sub", floor, period), floor);
        string low = g.Node("Where", g.Node("Less", below, zero), g.Node("Add", below, period), below), next = g.Node("Add", low, one);
        string high = g.Node("Where", g.Node("GreaterOrEqual", next, period), zero, next);
        return (low, high, g.Node("Sub", turned, floor), g.Node("Not", g.Node("IsNaN", turned)));
    }
}
