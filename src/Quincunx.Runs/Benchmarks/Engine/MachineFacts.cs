using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Where and when something was measured.</summary>
/// <param name="Processor">As it names itself.</param>
/// <param name="Cores">Those the process may use.</param>
/// <param name="Simd">The vector instructions in use.</param>
/// <param name="Date">UTC, to the minute.</param>
internal sealed record MachineFacts(string Processor, int Cores, string Simd, string Runtime, string Platform, string Date)
{
    public static MachineFacts Of(TimeProvider clock) => new(
        ProcessorName(),
        Environment.ProcessorCount,
        Numerics.Kernels.Simd.Level switch
        {
            SimdLevel.Avx512 => "AVX-512",
            SimdLevel.Avx2 => "AVX2",
            _ => "none",
        },
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    public override string ToString() => $"{Processor}, {Cores} {(Cores == 1 ? "core" : "cores")}, SIMD {Simd}, {Runtime}, {Platform}, {Date} UTC";

    // The brand string is in leaves 0x80000002 to 0x80000004, the family in leaf 1 (AMD64 Architecture Programmer's Manual, volume 3, appendix E).
    private static string ProcessorName()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        var brand = new StringBuilder();
        for (int leaf = 2; leaf <= 4; leaf++)
        {
            (int a, int b, int c, int d) = X86Base.CpuId(unchecked((int)0x80000000) + leaf, 0);
            brand.Append(Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([a, b, c, d])));
        }

        int signature = X86Base.CpuId(1, 0).Eax;
        int family = ((signature >> 8) & 15) + ((signature >> 20) & 255), model = ((signature >> 4) & 15) + ((signature >> 12) & 240);
        return $"{brand.ToString().Trim('\0', ' ')} (family {family}, model {model})";
    }
}
