using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Autodiff.Forward;

// Other number types come in as constants, and what goes out to them leaves its derivatives behind.
public readonly partial struct Dual<TTangent>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool INumberBase<Dual<TTangent>>.TryConvertFromChecked<TOther>(TOther value, out Dual<TTangent> result)
    {
        result = new(double.CreateChecked(value));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool INumberBase<Dual<TTangent>>.TryConvertFromSaturating<TOther>(TOther value, out Dual<TTangent> result)
    {
        result = new(double.CreateSaturating(value));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool INumberBase<Dual<TTangent>>.TryConvertFromTruncating<TOther>(TOther value, out Dual<TTangent> result)
    {
        result = new(double.CreateTruncating(value));
        return true;
    }

    static bool INumberBase<Dual<TTangent>>.TryConvertToChecked<TOther>(Dual<TTangent> value, out TOther result)
    {
        result = TOther.CreateChecked(value.Value);
        return true;
    }

    static bool INumberBase<Dual<TTangent>>.TryConvertToSaturating<TOther>(Dual<TTangent> value, out TOther result)
    {
        result = TOther.CreateSaturating(value.Value);
        return true;
    }

    static bool INumberBase<Dual<TTangent>>.TryConvertToTruncating<TOther>(Dual<TTangent> value, out TOther result)
    {
        result = TOther.CreateTruncating(value.Value);
        return true;
    }
}
