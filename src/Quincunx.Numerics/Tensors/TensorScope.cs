namespace Quincunx.Numerics.Tensors;

/// <summary>The one memory rule: tensors made on this thread belong to the innermost open scope and go back to the pool when it closes.</summary>
/// <remarks>
/// <code>
/// using var scope = new TensorScope();
/// Tensor loss = ...;                         // a hundred intermediates
/// return scope.Keep(loss);                   // the only one that outlives the scope
/// </code>
/// With no scope open, memory is left to the garbage collector. Scopes nest and must close in reverse order, on the thread
/// that opened them. Use of a tensor whose scope has closed throws <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly TensorScope? _parent;
    private readonly StoragePool _pool = StoragePool.Current;
    private readonly List<Storage> _owned = [];
    private bool _closed;

    public TensorScope()
    {
        _parent = _current;
        _current = this;
    }

    /// <summary>Buffers handed out on this thread and not yet returned.</summary>
    public static int OutstandingBuffers => StoragePool.Current.Outstanding;

    /// <summary>Hands a tensor to the enclosing scope, or to the collector where there is none.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Storage storage = tensor.Storage;
        if (ReferenceEquals(storage.Owner, this))
        {
            storage.Owner = _parent;
            if (_parent is null)
            {
                _pool.Forget();
            }
            else
            {
                _parent._owned.Add(storage);
            }
        }

        return tensor;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or another thread closes it.</exception>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        if (!ReferenceEquals(_current, this))
        {
            throw new InvalidOperationException("Tensor scopes must close in reverse order, on the thread that opened them.");
        }

        _closed = true;
        _current = _parent;
        foreach (Storage storage in _owned)
        {
            if (ReferenceEquals(storage.Owner, this))
            {
                _pool.Return(storage);
            }
        }

        _owned.Clear();
    }

    /// <summary>Takes over everything this scope owns: its memory is left to the collector, and to whoever holds a tensor.</summary>
    internal void KeepAll()
    {
        foreach (Storage storage in _owned)
        {
            if (ReferenceEquals(storage.Owner, this))
            {
                storage.Owner = null;
                _pool.Forget();
            }
        }

        _owned.Clear();
    }

    /// <summary>Gives the memory of one tensor back to the pool before the scope closes, and the storage away.</summary>
    internal void GiveBack(Storage storage)
    {
        if (ReferenceEquals(storage.Owner, this))
        {
            _pool.Return(storage);
        }
    }

    internal static Storage Allocate(int bytes)
    {
        TensorScope? scope = _current;
        if (scope is null)
        {
            return StoragePool.Unpooled(bytes);
        }

        Storage storage = scope._pool.Rent(bytes);
        storage.Owner = scope;
        scope._owned.Add(storage);
        return storage;
    }
}
