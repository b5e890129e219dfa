namespace Quincunx.Numerics.Kernels;

/// <summary>Matrices of fewer columns than a register has lanes, copied to rows of one register and back.</summary>
/// <remarks>So that a kernel over columns needs no part for less than a register. The lanes beyond are zero. The memory is <see cref="Workspace.Second"/>.</remarks>
/// <param name="columns">Columns of every matrix.</param>
/// <param name="lanes">Lanes of a register.</param>
/// <param name="elements">Elements of all matrices together.</param>
internal unsafe ref struct NarrowColumns<T>(int columns, int lanes, int elements)
    where T : unmanaged
{
    private T* _free = (T*)Workspace.Second((nint)elements / columns * lanes * sizeof(T));

    /// <summary>A copy of a matrix, its rows one register after the other.</summary>
    public T* Copy(ReadOnlySpan<T> source)
    {
        T* copy = Room(source);
        for (int from = 0, row = 0; from < source.Length; from += columns, row++)
        {
            source.Slice(from, columns).CopyTo(new Span<T>(copy + ((nint)row * lanes), columns));
        }

        return copy;
    }

    /// <summary>Room for a matrix of the size of <paramref name="target"/>; null for none.</summary>
    public T* Room(ReadOnlySpan<T> target)
    {
        if (target.IsEmpty)
        {
            return null;
        }

        T* room = _free;
        nint count = (nint)target.Length / columns * lanes;
        new Span<T>(room, (int)count).Clear();
        _free += count;
        return room;
    }

    /// <summary>Copies the columns out of such room.</summary>
    public readonly void Return(T* room, Span<T> target)
    {
        for (int to = 0, row = 0; to < target.Length; to += columns, row++)
        {
            new ReadOnlySpan<T>(room + ((nint)row * lanes), columns).CopyTo(target[to..]);
        }
    }
}
