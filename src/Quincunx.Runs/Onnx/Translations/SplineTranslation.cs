using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>A rational-quadratic spline (Durkan et al. 2019, arXiv:1906.04032) in standard operators, with the formulas of the engine's kernel.</summary>
/// <remarks>Widths, heights and knots are shares of the interval until a bin is chosen: a level of 0 is -bound and one of 1 is bound.</remarks>
internal sealed class SplineTranslation
{
    private readonly GraphContext _g;
    private readonly DType _dtype;
    private readonly int _bins;
    private readonly double _bound;
    private readonly string _x, _grid;
    private readonly Extent _d, _n;

    public SplineTranslation(GraphContext g, GraphStep s)
    {
        (_g, _dtype, _bins, _bound) = (g, s.DType, s.Note.Int("bins"), s.Note.Number("bound"));
        (_d, _n) = (s.Inputs[0].Shape[0], s.Inputs[0].Shape[1]);
        var rows = new Extent((3 * _bins) - 1, (3 * _bins) - 1);
        _x = g.Read(s.Inputs[0]);
        _grid = g.Reshape(g.Read(s.Inputs[1]), s.Inputs[1].Shape, [_d, rows, _n]);
    }

    public string Write(bool inverse)
    {
        string widths = Shares(0), heights = Shares(_bins), knotsX = Before(widths), knotsY = Before(heights);
        string slopes = Slopes(), bin = Bin(inverse ? knotsY : knotsX);
        string width = Times(Pick(widths, bin), 2 * _bound), height = Times(Pick(heights, bin), 2 * _bound);
        string knotX = OfLevel(Pick(knotsX, bin)), knotY = OfLevel(Pick(knotsY, bin));
        string left = Pick(_g.Slice(slopes, 1, 0, _bins), bin), right = Pick(_g.Slice(slopes, 1, 1, _bins + 1), bin);
        string s = Node("Div", height, width), bend = Node("Sub", Node("Add", left, right), Times(s, 2));
        string xi = inverse ? Root(knotY, height, s, left, bend) : Node("Div", Node("Sub", _x, knotX), width);

        string rest = Node("Sub", Number(1), xi), mixed = Node("Mul", xi, rest);
        string denominator = Node("Add", Node("Mul", bend, mixed), s), ratio = Node("Div", s, denominator);
        string q = Sum(Product(right, xi, xi), Product(left, rest, rest), Times(Node("Mul", s, mixed), 2));
        string log = Node("Log", Product(ratio, ratio, q));
        string image = inverse
            ? Node("Add", Node("Mul", xi, width), knotX)
            : Node("Add", Node("Div", Node("Mul", height, Sum(Product(s, xi, xi), Node("Mul", left, mixed))), denominator), knotY);

        // Outside the identity, whose slope has the logarithm 0; NaN is in neither place and stays.
        string inside = Node("Less", Node("Abs", _x), Number(_bound)), outside = Node("Where", Node("IsNaN", _x), _x, Number(0));
        return TransformTranslations.WithSum(_g, Node("Where", inside, image, _x), Node("Where", inside, log, outside));
    }

    // The smallest share, and the softmax of the raw numbers of what is left.
    private string Shares(int from)
    {
        string shares = _g.Node("Softmax", [_g.Slice(_grid, 1, from, from + _bins)], ("axis", 1));
        double rest = 1 - (RationalQuadraticKernel.SmallestShare * _bins);
        return Node("Add", Times(shares, rest), Number(RationalQuadraticKernel.SmallestShare));
    }

    // The left knot of each bin.
    private string Before(string shares) => _g.Node("CumSum", [shares, _g.Nodes.Int(1)], ("exclusive", 1));

    // At all knots; a raw slope of 0 means slope 1, as at both ends.
    private string Slopes()
    {
        string raw = _g.Slice(_grid, 1, 2 * _bins, (3 * _bins) - 1);
        string all = Node("Pad", raw, _g.Nodes.Ints(0, 1, 0, 0, 1, 0), Number(0));
        return Node("Add", Node("Softplus", Node("Add", all, Number(RationalQuadraticKernel.SlopeShift))), Number(RationalQuadraticKernel.SmallestSlope));
    }

    // How many knots are reached, but for the first: the last bin above the interval, the first one below it and for NaN.
    private string Bin(string knots)
    {
        string level = Node("Add", Times(_x, 0.5 / _bound), Number(0.5));
        string place = _g.Reshape(level, [_d, _n], [_d, Extent.One, _n]);
        string reached = _g.FromTruth(Node("LessOrEqual", _g.Slice(knots, 1, 1, _bins), place), _dtype);
        string count = ReductionTranslations.Reduce(_g, "ReduceSum", reached, 1);
        return _g.Nodes.Node("Cast", [count], ("to", (int)Format.TensorData.Types.ElementType.Int64));
    }

    private string Pick(string values, string bin) =>
        _g.Reshape(_g.Node("GatherElements", [values, bin], ("axis", 1)), [_d, Extent.One, _n], [_d, _n]);

    // The root of a ξ² + b ξ + c in the form that does not cancel (equation 8 of the paper).
    private string Root(string knotY, string height, string s, string left, string bend)
    {
        string rise = Node("Sub", _x, knotY), risen = Node("Mul", rise, bend);
        string a = Node("Add", Node("Mul", height, Node("Sub", s, left)), risen);
        string b = Node("Sub", Node("Mul", height, left), risen), c = Node("Mul", Node("Neg", s), rise);
        string discriminant = Node("Sub", Node("Mul", b, b), Times(Node("Mul", a, c), 4));
        string root = Node("Sqrt", Node("Max", discriminant, Number(0)));
        string xi = Node("Div", Times(c, 2), Node("Sub", Node("Neg", b), root));
        return Node("Min", Node("Max", xi, Number(0)), Number(1));
    }

    private string OfLevel(string level) => Node("Sub", Times(level, 2 * _bound), Number(_bound));

    private string Node(string op, params ReadOnlySpan<string> inputs) => _g.Node(op, inputs);

    private string Number(double value) => _g.Number(value, _dtype);

    private string Times(string value, double number) => Node("Mul", value, Number(number));

    private string Product(string a, string b, string c) => Node("Mul", Node("Mul", a, b), c);

    private string Sum(string a, string b) => Node("Add", a, b);

    private string Sum(string a, string b, string c) => Node("Add", Node("Add", a, b), c);
}
