using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quincunx.Numerics.Tensors;

/// <summary>The memory behind one or more tensors: 64-byte aligned, from a pool when a scope is open, else from the collector.</summary>
internal sealed class Storage
{
    private byte[]? _array;
    private int _offset;

    /// <param name="bytes">What was asked for; the array may be longer.</param>
    public Storage(byte[] array, int sizeClass, int bytes)
    {
        _array = array;
        (SizeClass, Bytes) = (sizeClass, bytes);
        _offset = FirstAligned(array);
    }

    /// <summary>Index of the pool's shelf.</summary>
    public int SizeClass { get; }

    public int Bytes { get; }

    /// <summary>The scope that will return this storage, or null where the collector owns it.</summary>
    public TensorScope? Owner { get; set; }

    /// <summary>Offset of the first cache line that begins in a pinned array.</summary>
    public static int FirstAligned(byte[] array)
    {
        // The array is pinned, so its address and with it the alignment never change.
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        return (int)((StoragePool.Alignment - (address & (StoragePool.Alignment - 1))) & (StoragePool.Alignment - 1));
    }

    public bool IsReturned => _array is null;

    /// <param name="start">In bytes.</param>
    /// <exception cref="ObjectDisposedException">The owning scope has closed.</exception>
    public Span<T> Span<T>(int start, int count)
        where T : unmanaged
    {
        byte[] array = _array ?? throw new ObjectDisposedException(
            nameof(Tensor), "The tensor's scope has closed; use TensorScope.Keep for a result that outlives it.");
        return MemoryMarshal.CreateSpan(
            ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), _offset + start)), count);
    }

    /// <summary>Moves the tensors that use this memory to a place in other memory, without their contents.</summary>
    /// <param name="array">Pinned, and not the pool's.</param>
    public void Move(byte[] array, int offset) => (_array, _offset) = (array, offset);

    /// <summary>Takes the array out, so that later use of the tensor is an error and not a silent overwrite.</summary>
    public byte[] Release()
    {
        byte[] array = _array!;
        _array = null;
        Owner = null;
        return array;
    }
}
