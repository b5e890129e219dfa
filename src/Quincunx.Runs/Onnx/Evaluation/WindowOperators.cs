using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Convolutions and pooling over any number of axes.</summary>
internal static class WindowOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        table["Conv"] = Convolve;
        table["ConvTranspose"] = Spread;
        table["MaxPool"] = (node, inputs) => Pool(node, inputs.At(0), values => values.Aggregate(double.NegativeInfinity, (a, b) => double.IsNaN(a) || a > b ? a : b));
        table["AveragePool"] = (node, inputs) => node.Int("count_include_pad", 0) != 0
            ? throw new OnnxException("found means that count the padding")
            : Pool(node, inputs.At(0), values => values.Sum() / values.Count);
    }

    private static OnnxTensor Convolve(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), weight = inputs.At(1);
        var w = new Moving(node, x.Shape, [.. weight.Shape.Skip(2)]);
        int groups = (int)node.Int("group", 1), filters = weight.Shape[0], channels = weight.Shape[1], all = x.Shape[1];
        double[] y = new double[x.Shape[0] * filters * w.Places];
        for (int i = 0; i < y.Length; i++)
        {
            int place = i % w.Places, filter = i / w.Places % filters, example = i / w.Places / filters;
            double sum = inputs.Maybe(2)?.Values[filter] ?? 0;
            foreach ((int element, int at) in w.Elements(place))
            {
                for (int c = 0; c < channels; c++)
                {
                    int channel = (filter / (filters / groups) * channels) + c;
                    sum += weight.Values[(((filter * channels) + c) * w.Window) + element] * x.Values[(((example * all) + channel) * w.Grid) + at];
                }
            }

            y[i] = sum;
        }

        return new OnnxTensor(x.Type, [x.Shape[0], filters, .. w.Output], y);
    }

    // Each input adds the window, times itself, where a convolution of the result would look for it.
    private static OnnxTensor Spread(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), weight = inputs.At(1);
        int axes = x.Shape.Count - 2, groups = (int)node.Int("group", 1), filters = x.Shape[1], channels = weight.Shape[1];
        long[] behind = node.Ints("output_padding") ?? new long[axes];
        int[] window = [.. weight.Shape.Skip(2)], grid = new int[axes];
        (long[] strides, long[] pads, long[] dilations) = Moving.Settings(node, axes);
        for (int a = 0; a < axes; a++)
        {
            grid[a] = (int)(((x.Shape[a + 2] - 1) * strides[a]) + behind[a] + ((window[a] - 1) * dilations[a]) + 1 - pads[a] - pads[a + axes]);
        }

        int all = channels * groups, places = Walk.Count(x.Shape.Skip(2)), size = Walk.Count(grid), elements = Walk.Count(window);
        int[] output = [.. x.Shape.Skip(2)], at = new int[axes], element = new int[axes], strideOf = Walk.Strides(grid);
        double[] y = new double[x.Shape[0] * all * size];
        for (int i = 0; i < x.Count * elements; i++)
        {
            int e = i % elements, place = i / elements % places, filter = i / elements / places % filters, example = i / elements / places / filters;
            Walk.Unravel(place, output, at);
            Walk.Unravel(e, window, element);
            int target = 0;
            for (int a = 0; a < axes && target >= 0; a++)
            {
                long g = (at[a] * strides[a]) + (element[a] * dilations[a]) - pads[a];
                target = g < 0 || g >= grid[a] ? -1 : target + ((int)g * strideOf[a]);
            }

            for (int c = 0; c < channels && target >= 0; c++)
            {
                int channel = (filter / (filters / groups) * channels) + c;
                y[(((example * all) + channel) * size) + target] += weight.Values[(((filter * channels) + c) * elements) + e] * x.Values[i / elements];
            }
        }

        return new OnnxTensor(x.Type, [x.Shape[0], all, .. grid], y);
    }

    private static OnnxTensor Pool(Node node, OnnxTensor x, Func<List<double>, double> f)
    {
        long[] window = node.Ints("kernel_shape") ?? throw new OnnxException("the length of the window is missing");
        var w = new Moving(node, x.Shape, Array.ConvertAll(window, n => (int)n));
        double[] y = new double[x.Shape[0] * x.Shape[1] * w.Places];
        for (int i = 0; i < y.Length; i++)
        {
            int plane = i / w.Places;
            y[i] = f([.. w.Elements(i % w.Places).Select(p => x.Values[(plane * w.Grid) + p.At])]);
        }

        return new OnnxTensor(x.Type, [x.Shape[0], x.Shape[1], .. w.Output], y);
    }

    // A window that moves over the axes behind the first two.
    private sealed class Moving
    {
        private readonly int[] _input, _window;
        private readonly long[] _strides, _pads, _dilations;

        public Moving(Node node, IReadOnlyList<int> shape, int[] window)
        {
            if (node.Text("auto_pad", "NOTSET") != "NOTSET" || node.Int("ceil_mode", 0) != 0)
            {
                throw new OnnxException("found padding that is not given in numbers");
            }

            (_input, _window) = ([.. shape.Skip(2)], window);
            (_strides, _pads, _dilations) = Settings(node, window.Length);
            Output = [.. _input.Select((n, a) => (int)Math.Max(0, ((n + _pads[a] + _pads[a + window.Length] - (_dilations[a] * (window[a] - 1)) - 1) / _strides[a]) + 1))];
        }

        public int[] Output { get; }

        public int Places => Walk.Count(Output);

        public int Grid => Walk.Count(_input);

        public int Window => Walk.Count(_window);

        public static (long[] Strides, long[] Pads, long[] Dilations) Settings(Node node, int axes) =>
            (node.Ints("strides") ?? Ones(axes), node.Ints("pads") ?? new long[2 * axes], node.Ints("dilations") ?? Ones(axes));

        /// <summary>The elements of the window at a place that lie on the grid, and where.</summary>
        public IEnumerable<(int Element, int At)> Elements(int place)
        {
            int[] at = new int[_window.Length], element = new int[_window.Length], steps = Walk.Strides(_input);
            Walk.Unravel(place, Output, at);
            for (int e = 0; e < Window; e++)
            {
                Walk.Unravel(e, _window, element);
                int found = 0;
                for (int a = 0; a < at.Length && found >= 0; a++)
                {
                    long g = (at[a] * _strides[a]) + (element[a] * _dilations[a]) - _pads[a];
                    found = g < 0 || g >= _input[a] ? -1 : found + ((int)g * steps[a]);
                }

                if (found >= 0)
                {
                    yield return (e, found);
                }
            }
        }

        private static long[] Ones(int axes)
        {
            long[] ones = new long[axes];
            Array.Fill(ones, 1);
            return ones;
        }
    }
}
