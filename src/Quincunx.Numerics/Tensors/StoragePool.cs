using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>Free buffers of one thread, on shelves of growing size. A buffer goes back where the scope closes.</summary>
internal sealed class StoragePool
{
    /// <summary>A cache line, and the width of an AVX-512 register.</summary>
    public const int Alignment = 64;

    private const int SmallestBytes = 256, Classes = 4 * 24, LargestShelfCount = 512;

    [ThreadStatic]
    private static StoragePool? _current;

    private readonly Stack<byte[]>?[] _shelves = new Stack<byte[]>[Classes];

    public static StoragePool Current => _current ??= new StoragePool();

    /// <summary>Buffers handed out and not yet returned; zero when every scope of this thread has closed.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Contents are whatever the last user left.</summary>
    public Storage Rent(int bytes)
    {
        int sizeClass = ClassOf(bytes);
        Outstanding++;
        return _shelves[sizeClass] is { Count: > 0 } shelf
            ? new Storage(shelf.Pop(), sizeClass, bytes)
            : new Storage(Allocate(sizeClass), sizeClass, bytes);
    }

    /// <summary>A buffer that the collector owns.</summary>
    public static Storage Unpooled(int bytes) => new(Allocate(ClassOf(bytes)), ClassOf(bytes), bytes);

    public void Return(Storage storage)
    {
        Outstanding--;
        Stack<byte[]> shelf = _shelves[storage.SizeClass] ??= new Stack<byte[]>();
        byte[] array = storage.Release();
        if (shelf.Count < LargestShelfCount)
        {
            shelf.Push(array);
        }
    }

    /// <summary>Leaves the free buffers to the collector.</summary>
    public void Trim() => Array.Clear(_shelves);

    /// <summary>Stops counting a buffer that now belongs to the collector or to another thread's scope.</summary>
    public void Forget() => Outstanding--;

    private static byte[] Allocate(int sizeClass)
    {
        long bytes = BytesOf(sizeClass) + Alignment;
        return bytes > Array.MaxLength
            ? throw new OutOfMemoryException($"A tensor of {bytes} bytes is larger than one array may be ({Array.MaxLength}).")
            : GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
    }

    // Four classes an octave: at most a fifth of a buffer is unused.
    private static int ClassOf(int bytes)
    {
        if (bytes <= SmallestBytes)
        {
            return 0;
        }

        int octave = BitOperations.Log2((uint)(bytes - 1)) - 8;
        int quarter = ((bytes - 1) >> (octave + 6)) & 3;
        return (4 * octave) + quarter + 1;
    }

    private static long BytesOf(int sizeClass)
    {
        if (sizeClass == 0)
        {
            return SmallestBytes;
        }

        int octave = (sizeClass - 1) / 4, quarter = (sizeClass - 1) % 4;
        return (long)(5 + quarter) << (octave + 6);
    }
}
