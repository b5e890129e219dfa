using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quincunx.Numerics.Tensors;

/// <summary>Runs a function of two operands, each a span or one number for all elements, over whole vectors and then the rest.</summary>
internal static class LaneLoop
{
    public static void Run<T, TLanes>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, IBinaryLanes
    {
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T with = ref MemoryMarshal.GetReference(b[..a.Length]);
        ref T into = ref MemoryMarshal.GetReference(y[..a.Length]);
        int i = 0;
        for (; i <= a.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            TLanes.Of(Vector.LoadUnsafe(ref from, (nuint)i), Vector.LoadUnsafe(ref with, (nuint)i)).StoreUnsafe(ref into, (nuint)i);
        }

        for (; i < a.Length; i++)
        {
            Unsafe.Add(ref into, i) = TLanes.Of(Unsafe.Add(ref from, i), Unsafe.Add(ref with, i));
        }
    }

    public static void Run<T, TLanes>(ReadOnlySpan<T> a, T b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, IBinaryLanes
    {
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T into = ref MemoryMarshal.GetReference(y[..a.Length]);
        Vector<T> with = Vector.Create(b);
        int i = 0;
        for (; i <= a.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            TLanes.Of(Vector.LoadUnsafe(ref from, (nuint)i), with).StoreUnsafe(ref into, (nuint)i);
        }

        for (; i < a.Length; i++)
        {
            Unsafe.Add(ref into, i) = TLanes.Of(Unsafe.Add(ref from, i), b);
        }
    }

    public static void Run<T, TLanes>(T a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, IBinaryLanes
    {
        ref T with = ref MemoryMarshal.GetReference(b);
        ref T into = ref MemoryMarshal.GetReference(y[..b.Length]);
        Vector<T> from = Vector.Create(a);
        int i = 0;
        for (; i <= b.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            TLanes.Of(from, Vector.LoadUnsafe(ref with, (nuint)i)).StoreUnsafe(ref into, (nuint)i);
        }

        for (; i < b.Length; i++)
        {
            Unsafe.Add(ref into, i) = TLanes.Of(a, Unsafe.Add(ref with, i));
        }
    }
}
