using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A recurrent layer: a state that each step of a sequence renews in part.</summary>
/// <remarks>
/// Cho et al. 2014, arXiv:1406.1078, equations 5 to 8: <c>r = σ(W x + U h)</c>, <c>z = σ(W x + U h)</c>, <c>c = tanh(W x + U (r h))</c>, <c>h ← z h + (1 - z) c</c>, each with weights
/// of its own and a bias. Examples are columns inside.
/// </remarks>
public sealed class GatedRecurrentUnit : IModule
{
    private readonly Linear _input;
    private readonly Parameter _gates, _candidate;

    /// <param name="inputs">Features of a step.</param>
    /// <param name="width">Features of the state.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public GatedRecurrentUnit(int inputs, int width, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);

        // Orthogonal maps from state to state keep the size of what is carried over many steps.
        Tensor Recurrent(string label) => Initialiser.Orthogonal.Draw(width, width, rng.Split(label), dtype);
        _input = new Linear(inputs, 3 * width, rng.Split("input"), Initialiser.LeCunUniform, dtype);
        _gates = new Parameter(Tensor.Concat([Recurrent("reset"), Recurrent("keep")]));
        _candidate = new Parameter(Recurrent("candidate"));
    }

    /// <summary>Features of the state.</summary>
    public int Width => _candidate.Shape[0];

    /// <param name="x">Shape <c>[batch, steps, inputs]</c>.</param>
    /// <param name="mask">Shape <c>[batch, steps]</c>, 0 for a step that is not there and leaves the state as it was, whatever x holds; null where all are.</param>
    /// <param name="start">The state before the first step, shape <c>[batch, width]</c>; null for 0.</param>
    /// <returns>The state after each step, shape <c>[batch, steps, width]</c>; that of the last step is <c>At(1, -1)</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? mask = null, Tensor? start = null)
    {
        SetMask.Require(x, _input.Inputs, mask);
        int batch = x.Shape[0], steps = x.Shape[1];
        if (start is not null)
        {
            ShapeException.ThrowUnless(start, batch, Width);
        }

        if (steps == 0)
        {
            return Tensor.Zeros(new Shape(batch, 0, Width), x.DType);
        }

        Tensor byStep = SetMask.Keep(x, mask).Transpose(1, 2, 0);
        Tensor? isThere = mask?.Transpose();
        Tensor h = start?.Transpose() ?? Tensor.Zeros(new Shape(Width, batch), x.DType);
        var states = new Tensor[steps];
        for (int t = 0; t < steps; t++)
        {
            Tensor next = Next(byStep.At(0, t), h);
            states[t] = h = isThere is null ? next : Tensor.Where(isThere.At(0, t), next, h);
        }

        return Tensor.Stack(states).Transpose(2, 0, 1);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("input", _input);
        tree.Add("gates", _gates);
        tree.Add("candidate", _candidate);
    }

    private Tensor Next(Tensor x, Tensor h)
    {
        int width = Width;
        Tensor fromInput = _input.ForwardColumns(x);
        Tensor gates = Tensor.Sigmoid(Tensor.LinearColumns(_gates.Value, h, residual: fromInput.Slice(0, 0, 2 * width)));
        Tensor reset = gates.Slice(0, 0, width), keep = gates.Slice(0, width, width);
        Tensor candidate = Tensor.Tanh(Tensor.LinearColumns(_candidate.Value, reset * h, residual: fromInput.Slice(0, 2 * width, width)));
        return candidate + (keep * (h - candidate));
    }
}
