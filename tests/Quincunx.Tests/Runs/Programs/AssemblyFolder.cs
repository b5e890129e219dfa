namespace Quincunx.Tests.Runs.Programs;

/// <summary>A folder with assemblies that studies name types of: those of the simulators and of these tests, with what they share.</summary>
internal static class AssemblyFolder
{
    public static void Fill(ScratchFolder scratch, string folder)
    {
        Directory.CreateDirectory(scratch[folder]);
        foreach (string file in (string[])["Quincunx.Physics.dll", "Quincunx.Inference.dll", "Quincunx.Numerics.dll", "Quincunx.Tests.dll"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), scratch[$"{folder}/{file}"]);
        }
    }
}
