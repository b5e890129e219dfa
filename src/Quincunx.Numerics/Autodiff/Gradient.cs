using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Reverse-mode derivatives of any order.</summary>
public static class Gradient
{
    /// <summary>dy/dx for each x.</summary>
    /// <param name="y">A tensor of one element.</param>
    /// <param name="xs">Tracked tensors; one that y does not depend on gets zeros.</param>
    /// <param name="differentiable">Record the gradients themselves, so that they can be differentiated again.</param>
    /// <returns>In the order and shapes of <paramref name="xs"/>.</returns>
    /// <exception cref="ShapeException">y has more than one element; use <see cref="VectorJacobian"/>.</exception>
    public static Tensor[] Of(Tensor y, IReadOnlyList<Tensor> xs, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (y.Count != 1)
        {
            throw new ShapeException($"Expected a single element to differentiate, got shape {y.Shape}.");
        }

        return VectorJacobian(y, Tensor.Ones(y.Shape, y.DType), xs, differentiable);
    }

    /// <summary>dy/dx for one x.</summary>
    public static Tensor Of(Tensor y, Tensor x, bool differentiable = false) => Of(y, [x], differentiable)[0];

    /// <summary>Σᵢ vᵢ dyᵢ/dx for each x.</summary>
    /// <param name="y">Any shape.</param>
    /// <param name="v">The shape of <paramref name="y"/>.</param>
    public static Tensor[] VectorJacobian(Tensor y, Tensor v, IReadOnlyList<Tensor> xs, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(xs);
        ShapeException.ThrowUnless(v, y.Shape.Lengths);
        foreach (Tensor x in xs)
        {
            if (!x.IsTracked)
            {
                throw new ArgumentException("Differentiation with respect to a tensor that is not tracked; call Track on it first.", nameof(xs));
            }
        }

        if (differentiable && Recording.IsOn)
        {
            return PullAll(y, v, xs);
        }

        using (Recording.Off())
        {
            return PullAll(y, v, xs);
        }
    }

    /// <summary>Σⱼ d²y/dxᵢdxⱼ vⱼ, by differentiating the gradient along v.</summary>
    /// <param name="y">A tensor of one element.</param>
    /// <param name="v">The shape of <paramref name="x"/>.</param>
    public static Tensor HessianVector(Tensor y, Tensor x, Tensor v, bool differentiable = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        ShapeException.ThrowUnless(v, x.Shape.Lengths);
        Tensor gradient = Of(y, x, differentiable: true);
        return gradient.IsTracked
            ? VectorJacobian(gradient, v, [x], differentiable)[0]
            : Tensor.Zeros(x.Shape, x.DType);          // y is at most linear in x
    }

    private static Tensor[] PullAll(Tensor y, Tensor v, IReadOnlyList<Tensor> xs)
    {
        var targets = new HashSet<Tensor>(xs, ReferenceEqualityComparer.Instance);
        List<Tensor> order = Reached(y, targets);
        var gradients = new Dictionary<Tensor, Tensor>(order.Count + xs.Count, ReferenceEqualityComparer.Instance) { [y] = v };
        var needed = new HashSet<Tensor>(order, ReferenceEqualityComparer.Instance);
        Tensor?[] into = new Tensor?[8];
        bool[] wanted = new bool[8];
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Tensor output = order[i];
            if (output.Node is not Node node || !gradients.TryGetValue(output, out Tensor? gradient))
            {
                continue;
            }

            Tensor[] inputs = node.Inputs;
            if (into.Length < inputs.Length)
            {
                (into, wanted) = (new Tensor?[inputs.Length], new bool[inputs.Length]);
            }

            for (int k = 0; k < inputs.Length; k++)
            {
                (into[k], wanted[k]) = (null, needed.Contains(inputs[k]));
            }

            node.Rule(output, gradient, new Pull(inputs, wanted.AsSpan(0, inputs.Length), into.AsSpan(0, inputs.Length)));
            for (int k = 0; k < inputs.Length; k++)
            {
                if (wanted[k] && into[k] is Tensor part)
                {
                    gradients[inputs[k]] = gradients.TryGetValue(inputs[k], out Tensor? sum) ? sum + part : part;
                }
            }

            if (!targets.Contains(output))
            {
                gradients.Remove(output);
            }
        }

        return [.. xs.Select(x => gradients.TryGetValue(x, out Tensor? g) ? g : Tensor.Zeros(x.Shape, x.DType))];
    }

    // Tensors on a path from a target to y, oldest first. Times order them: an output is later than its inputs.
    private static List<Tensor> Reached(Tensor y, HashSet<Tensor> targets)
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        List<Tensor> all = [];
        var open = new Stack<Tensor>();
        open.Push(y);
        while (open.TryPop(out Tensor? tensor))
        {
            if (!tensor.IsTracked || !seen.Add(tensor))
            {
                continue;
            }

            all.Add(tensor);
            foreach (Tensor input in tensor.Node?.Inputs ?? [])
            {
                open.Push(input);
            }
        }

        all.Sort(static (a, b) => (a.Node?.Time ?? 0).CompareTo(b.Node?.Time ?? 0));
        var leads = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        List<Tensor> order = [];
        foreach (Tensor tensor in all)
        {
            if (targets.Contains(tensor) || (tensor.Node is Node node && Array.Exists(node.Inputs, leads.Contains)))
            {
                leads.Add(tensor);
                order.Add(tensor);
            }
        }

        return order;
    }
}
