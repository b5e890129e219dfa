using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>Some events of a campaign in a file that can be made on any machine: the arrays <c>theta</c> and <c>x</c> of an <c>.npz</c>, and <c>about.json</c>.</summary>
/// <remarks>The same events give the same bytes, whoever simulated them and in what order.</remarks>
internal static class ShardFile
{
    public const string Extension = ".npz";
    public const int KeptFailures = 5;
    private const string Theta = "theta", X = "x", About = "about.json";
    private const string Leftover = ".writing";

    // Names and five messages: far below this. A larger one is no description of a shard.
    private const long LargestAbout = 1 << 24;

    /// <summary>Creates or replaces a file. Others may do the same at the same time, on this machine or another: one of the files remains.</summary>
    /// <param name="sets">Ascending, without common events; at least one row.</param>
    /// <exception cref="ArtifactException">The disk is full or cannot be written.</exception>
    public static void Write(string path, Campaign campaign, IReadOnlyList<SimulationSet> sets)
    {
        long rows = sets.Sum(s => (long)s.Count);
        double[] theta = Join(sets, s => s.Theta), x = Join(sets, s => s.X);
        var about = new ShardAbout(
            ShardAbout.CurrentFormat, campaign.Name, campaign.Key, campaign.Parameters, campaign.Outputs, Ranges(sets),
            [.. sets.SelectMany(s => s.Failures).OrderBy(f => f.Index).Take(KeptFailures)]);
        // A run folder removes the temporary files of its own process's predecessors; these are none of them.
        string suffix = $"{Owner}-{Path.GetRandomFileName()}{Leftover}";
        AtomicFile.Write(path, "a shard", stream => WriteTo(stream, about, NpyArray.Of(theta, (int)rows, campaign.Parameters.Count), NpyArray.Of(x, (int)rows, campaign.Outputs.Count)), step: null, suffix);
    }

    /// <summary>What a file says of itself.</summary>
    /// <exception cref="ArtifactException">Missing, truncated, damaged, no shard, or of another format.</exception>
    public static ShardAbout ReadAbout(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 12);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            return Checked(path, Parse(path, zip.GetEntry(About) ?? throw new ArtifactException(path, $"no {About}", "the file of a shard")));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw NpzFile.Fault(path, e);
        }
    }

    /// <summary>Reads the events of a file, range after range. Every checksum is compared.</summary>
    /// <exception cref="ArtifactException">Missing, truncated or damaged, or of another campaign.</exception>
    public static IReadOnlyList<SimulationSet> Read(string path, Campaign campaign)
    {
        ShardAbout about = ReadAbout(path);
        Require(path, about, campaign);
        NpzFile file = NpzFile.Read(path, Theta, X);
        (int d, int k, int rows) = (campaign.Parameters.Count, campaign.Outputs.Count, (int)about.Rows());
        double[] theta = file.Values<double>(Theta, rows, d), x = file.Values<double>(X, rows, k);
        List<SimulationSet> sets = [];
        int at = 0;
        foreach (ShardAbout.Range range in about.Events)
        {
            int count = (int)(range.To - range.From);
            sets.Add(SimulationSet.FromArrays(d, k, range.From, Rows(theta, at, count, d, rows), Rows(x, at, count, k, rows)) with
            {
                Failures = [.. about.Failures.Where(f => f.Index >= range.From && f.Index < range.To)],
            });
            at += count;
        }

        return sets;
    }

    /// <summary>Deletes the temporary files of this shard that processes of this machine left that are no more.</summary>
    public static void RemoveLeftovers(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, start = $".{Path.GetFileName(path)}.{Environment.MachineName}-";
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string file in Directory.EnumerateFiles(folder, start + "*" + Leftover).ToList())
        {
            string process = Path.GetFileName(file)[start.Length..].Split('-')[0];
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !IsAlive(id))
            {
                File.Delete(file);
            }
        }
    }

    private static string Owner => $"{Environment.MachineName}-{Environment.ProcessId}";

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void WriteTo(Stream stream, ShardAbout about, NpyArray theta, NpyArray x)
    {
        byte[] text = Encoding.UTF8.GetBytes(JsonArtifact.Text(about));
        var zip = new StoredZipWriter(stream);
        foreach ((string name, NpyArray array) in new[] { (Theta, theta), (X, x) })
        {
            NpzFile.Add(zip, name, array);
        }

        zip.Add(About, Crc32.Append(0, text), text.Length, target => target.Write(text));
        zip.Finish();
    }

    private static ShardAbout Parse(string path, ZipArchiveEntry entry)
    {
        if (entry.Length > LargestAbout)
        {
            throw new ArtifactException(path, $"{entry.Length} bytes", "the description of a shard", About);
        }

        using Stream source = entry.Open();
        using var stream = new ChecksumStream(source);
        using var text = new MemoryStream();
        stream.CopyTo(text);
        if (stream.Checksum != entry.Crc32)
        {
            throw new ArtifactException(path, $"checksum {stream.Checksum:x8}: the data are damaged", $"{entry.Crc32:x8}", About);
        }

        try
        {
            return JsonArtifact.Parse<ShardAbout>(text.GetBuffer().AsSpan(0, (int)text.Length));
        }
        catch (JsonException e)
        {
            throw new ArtifactException(path, "text that does not describe a shard", $"format {ShardAbout.CurrentFormat}", About, e);
        }
    }

    private static ShardAbout Checked(string path, ShardAbout about)
    {
        if (about.Format != ShardAbout.CurrentFormat)
        {
            throw new ArtifactException(path, $"format {about.Format}", $"format {ShardAbout.CurrentFormat}", About);
        }

        long end = 0;
        foreach (ShardAbout.Range range in about.Events)
        {
            if (range.From < end || range.To <= range.From)
            {
                throw new ArtifactException(path, $"events {range.From} to {range.To} after event {end}", "ascending ranges", About);
            }

            end = range.To;
        }

        return about.Rows() is > 0 and <= int.MaxValue ? about : throw new ArtifactException(path, $"{about.Rows()} rows", "at least one, and not more than an array may have", About);
    }

    private static void Require(string path, ShardAbout about, Campaign campaign)
    {
        if (about.Key != campaign.Key)
        {
            string more = about.Campaign == campaign.Name ? "made with another simulator, prior, seed, region or version" : about.Campaign;
            throw new ArtifactException(path, $"events of another campaign ({more}; key {about.Key[..Math.Min(12, about.Key.Length)]})", $"those of {campaign.Name} with key {campaign.Key[..Math.Min(12, campaign.Key.Length)]}");
        }

        if (!about.Parameters.SequenceEqual(campaign.Parameters, StringComparer.Ordinal) || !about.Outputs.SequenceEqual(campaign.Outputs, StringComparer.Ordinal))
        {
            throw new ArtifactException(
                path, $"columns {string.Join(", ", about.Parameters)} and {string.Join(", ", about.Outputs)}", $"{string.Join(", ", campaign.Parameters)} and {string.Join(", ", campaign.Outputs)}", About);
        }
    }

    // Neighbours become one range: how the work was cut leaves no trace.
    private static List<ShardAbout.Range> Ranges(IReadOnlyList<SimulationSet> sets)
    {
        List<ShardAbout.Range> ranges = [];
        foreach (SimulationSet set in sets)
        {
            long to = set.From + set.Count;
            if (ranges.Count > 0 && ranges[^1].To == set.From)
            {
                ranges[^1] = ranges[^1] with { To = to };
            }
            else
            {
                ranges.Add(new ShardAbout.Range(set.From, to));
            }
        }

        return ranges;
    }

    private static double[] Join(IReadOnlyList<SimulationSet> sets, Func<SimulationSet, double[]> part)
    {
        if (sets.Count == 1)
        {
            return part(sets[0]);
        }

        double[] all = new double[sets.Sum(set => (long)part(set).Length)];
        int to = 0;
        foreach (double[] some in sets.Select(part))
        {
            some.CopyTo(all, to);
            to += some.Length;
        }

        return all;
    }

    private static double[] Rows(double[] all, int at, int count, int width, int rows) => count == rows ? all : all[(at * width)..((at + count) * width)];
}
