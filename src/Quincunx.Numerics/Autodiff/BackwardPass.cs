using System.Runtime.CompilerServices;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>One sweep from a result back to what it is differentiated with respect to.</summary>
/// <remarks>
/// Every tensor reached gets a number on the first visit; from then on all state sits in arrays by that number, kept by the thread
/// from one sweep to the next. Nothing is written into tensors or nodes, which threads may share.
/// </remarks>
internal sealed class BackwardPass
{
    [ThreadStatic]
    private static BackwardPass? _spare;

    private readonly List<int> _inputs = [];            // numbers of the inputs of all nodes, one node after the other
    private readonly Stack<(int Tensor, int Next)> _open = new();
    private readonly List<int> _order = [];             // tensors on a path from a target, inputs before outputs
    private int[] _table = new int[256];                // open addressing: number + 1 of the tensor hashed there, or 0
    private Tensor?[] _tensors = new Tensor?[128];
    private Tensor?[] _gradients = new Tensor?[128];
    private int[] _slots = new int[128];                // where in the table each tensor is
    private int[] _firstInput = new int[128];
    private Reach[] _reach = new Reach[128];
    private bool[] _wanted = new bool[8];
    private Tensor?[] _into = new Tensor?[8];
    private int _count;
    private bool _stopsAtTargets;

    [Flags]
    private enum Reach : byte
    {
        None = 0,
        Target = 1,
        Needed = 2,          // on a path from a target
    }

    /// <param name="stopsAtTargets">Whether to go no further back from a tensor of <paramref name="xs"/>: partial derivatives.</param>
    public static Tensor[] Run(Tensor y, Tensor v, IReadOnlyList<Tensor> xs, bool stopsAtTargets = false)
    {
        // Taken out while in use: a rule may itself differentiate.
        BackwardPass pass = _spare ?? new BackwardPass();
        _spare = null;
        try
        {
            pass._stopsAtTargets = stopsAtTargets;
            return pass.Sweep(y, v, xs);
        }
        finally
        {
            pass.Clear();
            _spare = pass;
        }
    }

    private Tensor[] Sweep(Tensor y, Tensor v, IReadOnlyList<Tensor> xs)
    {
        for (int i = 0; i < xs.Count; i++)
        {
            int target = NumberOf(xs[i]);           // first, since it may put a longer array in the place of this one
            _reach[target] |= Reach.Target | Reach.Needed;
        }

        int first = Visit(y);
        _gradients[first] = v;
        for (int i = _order.Count - 1; i >= 0; i--)
        {
            PullThrough(_order[i]);
        }

        var results = new Tensor[xs.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = _gradients[NumberOf(xs[i])] ?? Tensor.Zeros(xs[i].Shape, xs[i].DType);
        }

        return results;
    }

    // Depth first without recursion: a record may be a million operations long. A tensor is done after all of its inputs,
    // and then it is known whether a target lies behind it.
    private int Visit(Tensor y)
    {
        int root = NumberOf(y);
        Open(root);
        while (_open.TryPop(out (int Tensor, int Next) at))
        {
            Node? node = NodeOf(at.Tensor);
            int inputs = node?.Inputs.Length ?? 0, next = at.Next;
            bool descends = false;
            while (next < inputs)
            {
                int input = _inputs[_firstInput[at.Tensor] + next++];
                if (_firstInput[input] < 0)
                {
                    _open.Push((at.Tensor, next));
                    Open(input);
                    descends = true;
                    break;
                }
            }

            if (!descends)
            {
                Finish(at.Tensor, inputs);
            }
        }

        return root;
    }

    private Node? NodeOf(int number) => _stopsAtTargets && (_reach[number] & Reach.Target) != Reach.None ? null : _tensors[number]!.Node;

    private void Open(int number)
    {
        _firstInput[number] = _inputs.Count;
        if (NodeOf(number) is Node node)
        {
            foreach (Tensor input in node.Inputs)
            {
                _inputs.Add(NumberOf(input));
            }
        }

        _open.Push((number, 0));
    }

    private void Finish(int number, int inputs)
    {
        for (int k = 0; k < inputs; k++)
        {
            _reach[number] |= _reach[_inputs[_firstInput[number] + k]] & Reach.Needed;
        }

        if (inputs > 0 && (_reach[number] & Reach.Needed) != Reach.None)
        {
            _order.Add(number);
        }
    }

    private void PullThrough(int number)
    {
        Tensor output = _tensors[number]!;
        if (_gradients[number] is not Tensor gradient)
        {
            return;
        }

        Node node = output.Node!;
        Tensor[] inputs = node.Inputs;
        if (_into.Length < inputs.Length)
        {
            (_into, _wanted) = (new Tensor?[inputs.Length], new bool[inputs.Length]);
        }

        int from = _firstInput[number];
        bool any = false;
        for (int k = 0; k < inputs.Length; k++)
        {
            _wanted[k] = (_reach[_inputs[from + k]] & Reach.Needed) != Reach.None;
            any |= _wanted[k];
        }

        if (any)
        {
            node.Rule(output, gradient, new Pull(inputs, _wanted.AsSpan(0, inputs.Length), _into.AsSpan(0, inputs.Length)));
            for (int k = 0; k < inputs.Length; k++)
            {
                if (_wanted[k] && _into[k] is Tensor part)
                {
                    ref Tensor? sum = ref _gradients[_inputs[from + k]];
                    sum = sum is null ? part : sum + part;
                }

                _into[k] = null;
            }
        }

        if ((_reach[number] & Reach.Target) == Reach.None)
        {
            _gradients[number] = null;
        }
    }

    private int NumberOf(Tensor tensor)
    {
        int mask = _table.Length - 1;
        int at = RuntimeHelpers.GetHashCode(tensor) & mask;
        while (_table[at] != 0)
        {
            if (ReferenceEquals(_tensors[_table[at] - 1], tensor))
            {
                return _table[at] - 1;
            }

            at = (at + 1) & mask;
        }

        if (_count == _tensors.Length)
        {
            Grow();
            return NumberOf(tensor);
        }

        _table[at] = _count + 1;
        _slots[_count] = at;
        _tensors[_count] = tensor;
        _gradients[_count] = null;
        _firstInput[_count] = -1;
        _reach[_count] = Reach.None;
        return _count++;
    }

    private void Grow()
    {
        int size = 2 * _tensors.Length;
        Array.Resize(ref _tensors, size);
        Array.Resize(ref _gradients, size);
        Array.Resize(ref _slots, size);
        Array.Resize(ref _firstInput, size);
        Array.Resize(ref _reach, size);
        _table = new int[2 * size];
        for (int i = 0; i < _count; i++)
        {
            int at = RuntimeHelpers.GetHashCode(_tensors[i]!) & (_table.Length - 1);
            while (_table[at] != 0)
            {
                at = (at + 1) & (_table.Length - 1);
            }

            _table[at] = i + 1;
            _slots[i] = at;
        }
    }

    private void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            _table[_slots[i]] = 0;
        }

        Array.Clear(_tensors, 0, _count);
        Array.Clear(_gradients, 0, _count);
        Array.Clear(_into);
        _inputs.Clear();
        _order.Clear();
        _open.Clear();
        _count = 0;
    }
}
