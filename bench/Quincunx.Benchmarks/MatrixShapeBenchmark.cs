using BenchmarkDotNet.Attributes;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>Reductions, broadcasts and transposition of the matrices that small networks have, and of large ones.</summary>
[MemoryDiagnoser]
public class MatrixShapeBenchmark
{
    private float[] _x = [];
    private float[] _row = [];
    private float[] _column = [];
    private float[] _y = [];

    [Params("200x5", "10000x5", "50x200", "200x50", "1000x1000")]
    public string Shape { get; set; } = "";

    private int Rows => int.Parse(Shape.Split('x')[0], System.Globalization.CultureInfo.InvariantCulture);

    private int Columns => _row.Length;

    [GlobalSetup]
    public void Setup()
    {
        _row = new float[int.Parse(Shape.Split('x')[1], System.Globalization.CultureInfo.InvariantCulture)];
        _column = new float[Rows];
        _x = [.. Enumerable.Range(0, Rows * Columns).Select(i => (i * 0.003f % 12) - 6)];
        _y = new float[_x.Length];
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _x.CopyTo(_y, 0);

    [Benchmark]
    public void AddRow() => VectorLoop.Map<float, Elementwise.AddLanes>(_x, new RowWalk(Columns, Moves: true), _row, new RowWalk(0, Moves: true), _y, Columns);

    [Benchmark]
    public void AddColumn() => VectorLoop.Map<float, Elementwise.AddLanes>(_x, new RowWalk(Columns, Moves: true), _column, new RowWalk(1, Moves: false), _y, Columns);

    [Benchmark]
    public void SumOfRows() => Reductions.SumAxis<float>(_x, _column.Length, Columns, 1, _y);

    [Benchmark]
    public void SumOfColumns() => Reductions.SumAxis<float>(_x, 1, _column.Length, Columns, _y);

    [Benchmark]
    public void MaxOfColumns() => Reductions.MaxAxis<float>(_x, 1, _column.Length, Columns, _y);

    [Benchmark]
    public void LogSumExpOfRows() => Reductions.LogSumExpAxis<float>(_x, _column.Length, Columns, 1, _y);

    [Benchmark]
    public void LogSumExpOfColumns() => Reductions.LogSumExpAxis<float>(_x, 1, _column.Length, Columns, _y);

    [Benchmark]
    public void SoftmaxOfRows() => Reductions.Softmax<float>(_x, _column.Length, Columns, _y);

    [Benchmark]
    public void Transpose() => Transposition.Run<float>(_x, _y, _column.Length, Columns);
}
