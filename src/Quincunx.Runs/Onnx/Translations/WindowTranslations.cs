using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Convolutions and pooling. Padding that goes round is gathered first, since the operators know zeros alone.</summary>
internal static class WindowTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["Convolution"] = Convolution;
        table["ConvolutionBack"] = TransposedConvolution;
        table["AveragePool"] = AveragePool;
        table["MaxPool"] = (g, s) => g.Node("MaxPool", [Wrapped(g, s)], Window(s, Ends(s), withDilation: true));
    }

    private static string Convolution(GraphContext g, GraphStep s)
    {
        string x = Wrapped(g, s), weight = g.Read(s.Inputs[1]);
        (string, object)[] settings = [.. Window(s, Ends(s), withDilation: true), ("group", s.Note.Int("groups"))];
        return s.Note.Flag("bias") ? g.Node("Conv", [x, weight, g.Read(s.Inputs[2])], settings) : g.Node("Conv", [x, weight], settings);
    }

    private static string TransposedConvolution(GraphContext g, GraphStep s)
    {
        int[] stride = s.Note.Ints("stride"), padding = s.Note.Ints("padding"), dilation = s.Note.Ints("dilation"), window = s.Note.Ints("window");
        bool circular = s.Note.Flag("circular");
        long[] grid = Grid(s.Result), places = Grid(s.Inputs[0]), behind = new long[grid.Length], reach = new long[grid.Length];
        for (int i = 0; i < grid.Length; i++)
        {
            reach[i] = ((places[i] - 1) * stride[i]) + (dilation[i] * (window[i] - 1L)) + 1;
            behind[i] = circular ? 0 : grid[i] + (2L * padding[i]) - reach[i];
        }

        string y = g.Node(
            "ConvTranspose", [g.Read(s.Inputs[0]), g.Read(s.Inputs[1])],
            [.. Window(s, circular ? new long[2 * grid.Length] : Ends(s), withDilation: true), ("group", s.Note.Int("groups")), ("output_padding", behind)]);
        if (!circular)
        {
            return y;
        }

        // Each element of the padded grid belongs to the one that it is round the torus.
        Extent[] shape = [s.Result.Shape[0], s.Result.Shape[1], .. reach.Select(n => new Extent(n, n))];
        for (int i = 0; i < grid.Length; i++)
        {
            shape[i + 2] = s.Result.Shape[i + 2];
            string zeros = g.Expand(g.Number(0, s.DType), shape);
            y = IndexTranslations.Added(g, zeros, y, i + 2, shape.Length, Round(reach[i], padding[i], grid[i]));
        }

        return y;
    }

    private static string AveragePool(GraphContext g, GraphStep s)
    {
        string x = Wrapped(g, s);
        if (Array.TrueForAll(s.Note.Ints("dilation"), d => d == 1))
        {
            return g.Node("AveragePool", [x], Window(s, Ends(s), withDilation: false));
        }

        // The operator of this version has no dilation: sums of the windows over their numbers of elements, channel by channel.
        Extent[] grid = [.. s.Inputs[0].Shape.Skip(2)], window = [.. s.Note.Ints("window").Select(n => new Extent(n, n))];
        if (s.Note.Flag("circular"))
        {
            int[] padding = s.Note.Ints("padding");
            grid = [.. grid.Select((n, i) => n + new Extent(2L * padding[i], 2L * padding[i]))];
        }

        string one = g.Number(1, s.DType), ones = g.Expand(one, [Extent.One, Extent.One, .. window]);
        string counts = g.Node("Conv", [g.Expand(one, [Extent.One, Extent.One, .. grid]), ones], Window(s, Ends(s), withDilation: true));
        long channels = s.Result.Shape[1].Short;
        string kernel = g.Expand(one, [new Extent(channels, channels), Extent.One, .. window]);
        return g.Node("Div", g.Node("Conv", [x, kernel], [.. Window(s, Ends(s), withDilation: true), ("group", channels)]), counts);
    }

    private static (string, object)[] Window(GraphStep s, long[] ends, bool withDilation)
    {
        (string, object)[] settings = [("kernel_shape", Long(s.Note.Ints("window"))), ("strides", Long(s.Note.Ints("stride"))), ("pads", ends)];
        return withDilation ? [.. settings, ("dilations", Long(s.Note.Ints("dilation")))] : settings;
    }

    // Zeros at the beginnings and ends of the axes; none where the padding is there already.
    private static long[] Ends(GraphStep s)
    {
        long[] padding = Long(s.Note.Ints("padding"));
        return s.Note.Flag("circular") ? new long[2 * padding.Length] : [.. padding, .. padding];
    }

    private static string Wrapped(GraphContext g, GraphStep s)
    {
        string x = g.Read(s.Inputs[0]);
        if (!s.Note.Flag("circular"))
        {
            return x;
        }

        int[] padding = s.Note.Ints("padding");
        long[] grid = Grid(s.Inputs[0]);
        for (int i = 0; i < grid.Length; i++)
        {
            if (padding[i] > 0)
            {
                Indices places = Round(grid[i] + (2L * padding[i]), padding[i], grid[i]);
                x = g.Node("Gather", [x, g.Nodes.Places(places, places.Count)], ("axis", i + 2));
            }
        }

        return x;
    }

    // Which element of an axis each of a padded one is.
    private static Indices Round(long padded, long padding, long length)
    {
        int[] places = new int[padded];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (int)((((i - padding) % length) + length) % length);
        }

        return Indices.From(places, new Shape(places.Length));
    }

    private static long[] Grid(GraphTensor x) => [.. x.Shape.Skip(2).Select(n => n.IsFixed ? n.Short : throw new OnnxException("An axis that a window moves over is as long as the batch."))];

    private static long[] Long(int[] values) => Array.ConvertAll(values, v => (long)v);
}
