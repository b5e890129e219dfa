using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Scratch memory of the calling thread, grown on demand and kept, so that a steady state allocates nothing.</summary>
internal static unsafe class Workspace
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static byte[]? _first;

    [ThreadStatic]
    private static byte[]? _second;

    [ThreadStatic]
    private static byte[]? _third;

    [ThreadStatic]
    private static byte[]? _fourth;

    /// <summary>At least <paramref name="bytes"/> bytes on a cache line; the thread's next call may hand out the same memory.</summary>
    public static void* First(nint bytes) => Get(ref _first, bytes);

    /// <summary>As <see cref="First"/>, and never the same memory as that.</summary>
    public static void* Second(nint bytes) => Get(ref _second, bytes);

    /// <summary>As <see cref="First"/>, for callers of the matrix product, which uses the first and the second.</summary>
    public static void* Third(nint bytes) => Get(ref _third, bytes);

    /// <summary>As <see cref="Third"/>, and never the same memory as that.</summary>
    public static void* Fourth(nint bytes) => Get(ref _fourth, bytes);

    private static void* Get(ref byte[]? buffer, nint bytes)
    {
        if (buffer is null || buffer.Length < bytes + Alignment)
        {
            buffer = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + (bytes / 4) + Alignment)), pinned: true);
        }

        nint address = (nint)Unsafe.AsPointer(ref buffer[0]);
        return (void*)((address + Alignment - 1) & -Alignment);
    }
}
