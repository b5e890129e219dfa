using Quincunx.Inference.Networks;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Tests.Runs;

/// <summary>What is trained goes through the open file, as between two processes.</summary>
internal static class StateFile
{
    /// <summary>Writes what one module holds, and reads it into another of the same shape.</summary>
    public static void Carry(IModule from, IModule to)
    {
        using var folder = new ScratchFolder();
        string path = folder["network.npz"];
        using (FileStream stream = File.Create(path))
        {
            NpzFile.Write(stream, TensorArrays.Of(ModuleState.Export(from)));
        }

        ModuleState.Import(to, TensorArrays.Read(path));
    }
}
