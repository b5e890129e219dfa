using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>Mean squared error of dx/dt over the coordinates, of both networks of a pair, with a penalty on their weights.</summary>
/// <remarks>Their parameters are disjoint and every step of Adam is a parameter's own, so that each network learns as it would alone.</remarks>
/// <param name="x">Shape <c>[rows, coordinates]</c>.</param>
/// <param name="slopes">Of the same shape.</param>
/// <param name="weightDecay">Factor of the weights in the gradient, as in Adam with an L2 penalty (not AdamW).</param>
internal sealed class FieldTask(FieldPair networks, double[] x, double[] slopes, int coordinates, double weightDecay) : TrainingTask
{
    private readonly Tensor[] _weights = [.. ParameterTree.Of(networks).Trained.Select(p => p.Value)];

    public override IModule Module => networks;

    public override int Count => x.Length / coordinates;

    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var shape = new Shape(coordinates, rows.Length);
        return LossOf(Tensor.From(Columns(x, rows), shape, DType.Float32), Tensor.From(Columns(slopes, rows), shape, DType.Float32));
    }

    public override BatchLoss Batch(int rows) => new Columned(this, rows);

    private Tensor LossOf(Tensor columns, Tensor wanted)
    {
        Tensor sum = (Tensor.Square(networks.Hamiltonian.Field(columns, differentiable: true) - wanted).Sum()
            + Tensor.Square(networks.Direct.Field(columns, differentiable: true) - wanted).Sum()) / coordinates;
        if (weightDecay > 0)
        {
            // For each row, since the trainer divides by their number.
            double factor = 0.5 * weightDecay * columns.Shape[1];
            foreach (Tensor weight in _weights)
            {
                sum += Tensor.Square(weight).Sum() * factor;
            }
        }

        return sum;
    }

    private double[] Columns(double[] table, ReadOnlySpan<int> rows)
    {
        double[] columns = new double[coordinates * rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int c = 0; c < coordinates; c++)
            {
                columns[(c * rows.Length) + i] = table[(rows[i] * coordinates) + c];
            }
        }

        return columns;
    }

    private sealed class Columned(FieldTask task, int rows) : BatchLoss
    {
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(task.Coordinates, rows)), isTrained: false);
        private readonly Parameter _slopes = new(Tensor.Zeros(new Shape(task.Coordinates, rows)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            using var scope = new TensorScope();
            _x.Assign(task.Columns(task.X, rows));
            _slopes.Assign(task.Columns(task.Slopes, rows));
        }

        public override Tensor Loss() => task.LossOf(_x.Value, _slopes.Value);
    }

    private int Coordinates => coordinates;

    private double[] X => x;

    private double[] Slopes => slopes;
}
