using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Checks of a law's parameters, with the message out of the way of the fast path.</summary>
internal static class Parameter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool holds, double found, string expected)
    {
        if (!holds)
        {
            Throw(found, expected);
        }
    }

    [DoesNotReturn]
    private static void Throw(double found, string expected) => throw new ArgumentException($"A choice expected {expected}, got {found}.");
}
