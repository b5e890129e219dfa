using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Quincunx.Runs.Studies.Yaml;

/// <summary>Reads the part of YAML that study files use: one document of mappings, lists and scalars.</summary>
/// <remarks>
/// Made from parser events because the library's own tree stops at the first repeated key. Anchors, aliases and tags are refused: they
/// make a short file long, or a value something else than it looks.
/// </remarks>
internal sealed class YamlTree
{
    public const int MaximumBytes = 1 << 20;
    private const int MaximumDepth = 24;
    private readonly string _file;
    private readonly ICollection<StudyProblem> _problems;
    private readonly Parser _parser;
    private bool _hasAlias;

    private YamlTree(string file, string text, ICollection<StudyProblem> problems)
    {
        (_file, _problems, _parser) = (file, problems, new Parser(new StringReader(text)));
    }

    /// <returns>The top of the document, or null if it cannot be read at all (a problem was added).</returns>
    public static YamlItem? Read(string file, ReadOnlySpan<byte> bytes, ICollection<StudyProblem> problems)
    {
        if (bytes.Length > MaximumBytes)
        {
            problems.Add(new StudyProblem(file, 0, 0, "", $"a file of more than {MaximumBytes} bytes", "a study file, which is a page of text"));
            return null;
        }

        if (Decode(file, bytes, problems) is not { } text)
        {
            return null;
        }

        var tree = new YamlTree(file, text, problems);
        Mark place;
        string message;
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e)
        {
            (place, message) = (e.Start, e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The library's scanner lets these out for some malformed files, such as a flow mapping that is never closed.
            (place, message) = (tree._parser.Current?.End ?? Mark.Empty, "it goes wrong after this place");
        }

        (int line, int column) = ((int)Math.Max(place.Line, 1), (int)Math.Max(place.Column, 1));
        problems.Add(new StudyProblem(file, line, column, "", $"text that is not YAML ({message})", "valid YAML", TabHint(text, line)));
        return null;
    }

    private static string? Decode(string file, ReadOnlySpan<byte> bytes, ICollection<StudyProblem> problems)
    {
        if (bytes.StartsWith(new byte[] { 0xFF, 0xFE }) || bytes.StartsWith(new byte[] { 0xFE, 0xFF }))
        {
            problems.Add(new StudyProblem(file, 1, 1, "", "a file in UTF-16", "UTF-8", "Save it again as UTF-8."));
            return null;
        }

        bytes = bytes.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? bytes[3..] : bytes;
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            ReadOnlySpan<byte> before = bytes[..Math.Clamp(e.Index, 0, bytes.Length)];
            int column = before.Length - before.LastIndexOf((byte)'\n');
            problems.Add(new StudyProblem(file, before.Count((byte)'\n') + 1, column, "", "bytes that are not UTF-8", "a text file in UTF-8"));
            return null;
        }
    }

    // The library names the place of a tab with whatever it then failed to find.
    private static string? TabHint(string text, int line)
    {
        string[] lines = text.Split('\n');
        for (int i = Math.Max(line - 2, 0); i < Math.Min(line + 1, lines.Length); i++)
        {
            if (lines[i].AsSpan(0, lines[i].Length - lines[i].AsSpan().TrimStart().Length).Contains('\t'))
            {
                return $"Line {i + 1} is indented with a tab; YAML allows only spaces there.";
            }
        }

        return null;
    }

    private YamlItem? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Add(new StudyProblem(_file, 1, 1, "", "an empty file", "a study"));
            return null;
        }

        YamlItem top = ReadItem("", depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            Problem(second, "", "a second document", "one document in a file");
        }

        if (top is YamlScalar { IsNull: true })
        {
            _problems.Add(new StudyProblem(_file, 1, 1, "", "an empty file", "a study"));
            return null;
        }

        return _hasAlias ? null : top;
    }

    private YamlItem ReadItem(string path, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"more than {MaximumDepth} levels of nesting");
        }

        if (_parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
        {
            Problem(node, path, node.Tag.IsEmpty ? $"the anchor '&{node.Anchor}'" : $"the tag '{node.Tag}'", "a plain value");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return ToScalar(scalar);
        }

        if (_parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlItem>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadItem($"{path}[{items.Count}]", depth + 1));
            }

            return new YamlList(items, (int)list.Start.Line, (int)list.Start.Column);
        }

        if (_parser.TryConsume<MappingStart>(out var map))
        {
            return ReadMap(map, path, depth);
        }

        AnchorAlias alias = _parser.Consume<AnchorAlias>();
        _hasAlias = true;                                       // its value is unknown, so nothing more can be said about the file
        Problem(alias, path, $"the alias '*{alias.Value}'", "the value written out");
        return new YamlScalar("", Quoted: false, (int)alias.Start.Line, (int)alias.Start.Column);
    }

    private YamlMap ReadMap(MappingStart map, string path, int depth)
    {
        var entries = new List<YamlEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            YamlItem keyItem = ReadItem(path, depth + 1);
            var key = keyItem as YamlScalar;
            YamlItem value = ReadItem(Join(path, key?.Text ?? "?"), depth + 1);
            if (key is null)
            {
                _problems.Add(new StudyProblem(_file, keyItem.Line, keyItem.Column, path, $"{keyItem.Describe()} as a key", "a word"));
            }
            else if (entries.Find(e => e.Key.Text == key.Text) is { } first)
            {
                _problems.Add(new StudyProblem(
                    _file, key.Line, key.Column, Join(path, key.Text), $"'{key.Text}' again (first on line {first.Key.Line})", "each key once"));
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }

        return new YamlMap(entries, (int)map.Start.Line, (int)map.Start.Column);
    }

    private void Problem(ParsingEvent at, string path, string found, string expected) =>
        _problems.Add(new StudyProblem(_file, (int)at.Start.Line, (int)at.Start.Column, path, found, expected));

    private static YamlScalar ToScalar(Scalar scalar) =>
        new(scalar.Value, scalar.Style != ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);

    internal static string Join(string path, string key) => path.Length == 0 ? key : path + "." + key;
}
