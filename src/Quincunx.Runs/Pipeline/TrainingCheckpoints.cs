using System.Runtime.InteropServices;
using System.Text;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Keeps the state of training in a stage's checkpoint, every few seconds.</summary>
/// <remarks>When it is saved depends on the clock; what training ends in does not.</remarks>
internal sealed class TrainingCheckpoints(Checkpoint checkpoint, TimeProvider clock) : ITrainingCheckpoints
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private long _saved = clock.GetTimestamp();

    public NamedTensors? Load()
    {
        NamedTensors? state = null;
        return checkpoint.TryLoad(stream => state = Read(stream)) ? state : null;
    }

    public bool IsDue(TrainingProgress progress) => IsDueWithinEpoch();

    public bool IsDueWithinEpoch() => clock.GetElapsedTime(_saved) > Between;

    public void Save(NamedTensors state)
    {
        checkpoint.Save(stream => Write(stream, state));
        _saved = clock.GetTimestamp();
    }

    private static void Write(Stream stream, NamedTensors state)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(state.Count);
        foreach ((string name, Tensor tensor) in state)
        {
            writer.Write(name);
            writer.Write((byte)tensor.DType);
            writer.Write(tensor.Rank);
            foreach (int length in tensor.Shape.Lengths)
            {
                writer.Write(length);
            }

            writer.Write(tensor.DType == DType.Float32
                ? MemoryMarshal.AsBytes(tensor.AsSpan<float>())
                : MemoryMarshal.AsBytes(tensor.AsSpan<double>()));
        }
    }

    private static NamedTensors Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var state = new NamedTensors();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string name = reader.ReadString();
            var dtype = (DType)reader.ReadByte();
            int[] lengths = new int[reader.ReadInt32()];
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = reader.ReadInt32();
            }

            var shape = new Shape(lengths);
            state.Add(name, dtype == DType.Float32 ? Tensor.From(Numbers<float>(reader, shape.Count), shape) : Tensor.From(Numbers<double>(reader, shape.Count), shape));
        }

        return state;
    }

    private static T[] Numbers<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
