using System.Runtime.InteropServices;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Pipeline;

/// <summary>Simulations in a checkpoint: their number, then theta, then x.</summary>
internal static class SimulationState
{
    public static void Write(Stream stream, SimulationSet set)
    {
        stream.Write(BitConverter.GetBytes(set.Count));
        stream.Write(MemoryMarshal.AsBytes<double>(set.Theta));
        stream.Write(MemoryMarshal.AsBytes<double>(set.X));
    }

    /// <exception cref="EndOfStreamException">Not as many numbers as there should be.</exception>
    public static SimulationSet Read(Stream stream, int parameters, int outputs)
    {
        byte[] header = new byte[sizeof(int)];
        stream.ReadExactly(header);
        int count = BitConverter.ToInt32(header);
        if (count < 0 || stream.Length - stream.Position != (long)count * (parameters + outputs) * sizeof(double))
        {
            throw new InvalidDataException($"{stream.Length} bytes do not hold {count} simulations");
        }

        double[] theta = new double[count * parameters], x = new double[count * outputs];
        stream.ReadExactly(MemoryMarshal.AsBytes(theta.AsSpan()));
        stream.ReadExactly(MemoryMarshal.AsBytes(x.AsSpan()));
        return SimulationSet.FromArrays(parameters, outputs, 0, theta, x);
    }
}
