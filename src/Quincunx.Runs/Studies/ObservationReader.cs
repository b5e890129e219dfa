using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the key <c>observation</c>: numbers in the file itself, or cells of a CSV file beside it.</summary>
/// <param name="mayHaveGaps">Whether empty cells and NaN are numbers that are missing.</param>
/// <param name="circumstance">Name of a number that stands behind the outputs; null for none.</param>
internal sealed class ObservationReader(string studyFile, ProblemList problems, bool mayHaveGaps, string? circumstance = null)
{
    private const string NeedsGaps = "Numbers that are missing need the key inference.gaps";

    private readonly List<StudyInput> _inputs = [];

    /// <summary>The data files that were read.</summary>
    public IReadOnlyList<StudyInput> Inputs => _inputs;

    /// <param name="replacement">Path of a CSV file that is read instead of the study's data, or null.</param>
    public IReadOnlyList<double> Read(StudyValue? value, string? replacement, string simulatorName, ISimulator? simulator)
    {
        if (value is null)
        {
            return [];
        }

        StudyMap map = value.Map;
        if (replacement is not null)
        {
            return ReadTable(replacement, replacement, (found, expected) => AddInFile(replacement, found, expected)) is not { } other ? []
                : map.Find("columns") is { } named ? ReadColumns(other, named, simulatorName, simulator)
                : ReadNamedRow(other, (found, expected, hint) => AddInFile(replacement, found, expected, hint), simulatorName, simulator);
        }

        if (map.Find("values") is { } values)
        {
            if (map.Find("columns") is { } stray)
            {
                problems.Add(stray, "columns", "no such key beside values", "Columns are of a file.");
            }

            double[] numbers = [.. values.Items.Select(i => i.Number)];
            foreach (StudyValue gap in values.Items.Where(i => double.IsNaN(i.Number) && !mayHaveGaps))
            {
                problems.Add(gap, "'.nan', which is not finite", "a number", NeedsGaps + ".");
            }

            CheckLength(values, numbers.Length, "numbers", simulatorName, simulator);
            return numbers;
        }

        if (map.Find("file") is not { } file || ReadTable(file) is not { } table)
        {
            return [];
        }

        return map.Find("columns") is { } columns
            ? ReadColumns(table, columns, simulatorName, simulator)
            : ReadNamedRow(table, (found, expected, hint) => problems.Add(file, found, expected, hint), simulatorName, simulator);
    }

    private CsvTable? ReadTable(StudyValue file)
    {
        string name = (string)file.Content;
        string path = Path.Combine(Path.GetDirectoryName(studyFile) ?? "", name);
        return ReadTable(name, path, (found, expected) => problems.Add(file, $"{path}: {found}", expected));
    }

    private CsvTable? ReadTable(string name, string path, Action<string, string> complain)
    {
        try
        {
            CsvTable table = CsvTable.Read(path);
            _inputs.Add(new StudyInput(name, FileFingerprint.Of(path)));
            foreach (CsvCell second in table.Header.GroupBy(h => h.Text, StringComparer.Ordinal).SelectMany(g => g.Skip(1)))
            {
                AddInTable(table, second, $"a second column '{second.Text}'", "different names");
            }

            if (table.Rows.Count == 0)
            {
                AddInFile(path, "a header without rows", "at least one row of numbers");
                return null;
            }

            return table;
        }
        catch (ArtifactException e)
        {
            complain($"{(e.Entry is null ? "" : e.Entry + ": ")}{e.Found}", e.Expected);
            return null;
        }
    }

    private double[] ReadColumns(CsvTable table, StudyValue columns, string simulatorName, ISimulator? simulator)
    {
        var data = new List<double>();
        bool complete = true;
        foreach (StudyValue column in columns.Items)
        {
            string name = (string)column.Content;
            int index = table.IndexOf(name);
            if (index < 0)
            {
                complete = false;
                string[] known = [.. table.Header.Select(h => h.Text)];
                problems.Add(column, $"'{name}', which is no column of {table.Path}", $"one of {string.Join(", ", known)}", Nearest.Hint(name, known));
                continue;
            }

            data.AddRange(table.Rows.Select(row => Number(table, row[index])));
        }

        if (complete)
        {
            CheckLength(columns, data.Count, $"numbers ({columns.Items.Count} columns of {table.Rows.Count} rows)", simulatorName, simulator);
        }

        return [.. data];
    }

    private double[] ReadNamedRow(CsvTable table, Action<string, string, string> complain, string simulatorName, ISimulator? simulator)
    {
        if (table.Rows.Count != 1)
        {
            complain(
                $"{table.Rows.Count} rows in {table.Path}", "one row with a column for each output of the simulator",
                "Or name the columns to be put one after the other with 'columns: [...]'.");
            return [];
        }

        double[] row = [.. table.Rows[0].Select(cell => Number(table, cell))];
        if (simulator is null)
        {
            return row;
        }

        IReadOnlyList<string> names = Names(simulator);
        string[] missing = [.. names.Where(name => table.IndexOf(name) < 0)];
        if (missing.Length > 0 || row.Length != names.Count)
        {
            CsvCell[] extra = [.. table.Header.Where(h => !names.Contains(h.Text, StringComparer.Ordinal))];
            string found = $"{row.Length} columns{(missing.Length > 0 ? $", none of them named {Few(missing)}" : $", {Few([.. extra.Select(e => e.Text)])} unknown")}";
            problems.Problems.Add(new StudyProblem(
                table.Path, table.Header[0].Line, table.Header[0].Column, "", found,
                $"the {Outputs(simulator, simulatorName)}"));
            return [];
        }

        return [.. names.Select(name => row[table.IndexOf(name)])];
    }

    private double Number(CsvTable table, CsvCell cell)
    {
        bool isNumber = cell.TryNumber(out double value);
        if (isNumber && double.IsFinite(value))
        {
            return value;
        }

        bool isGap = cell.Text.Length == 0 || (isNumber && double.IsNaN(value));
        if (isGap && mayHaveGaps)
        {
            return double.NaN;
        }

        string found = cell.Text.Length == 0 ? "an empty cell" : $"'{cell.Text}'";
        AddInTable(table, cell, found, "a finite number", isGap ? NeedsGaps + ", or leave the row out." : null);
        return double.NaN;
    }

    private void AddInFile(string path, string found, string expected, string? hint = null) =>
        problems.Problems.Add(new StudyProblem(path, 0, 0, "", found, expected, hint));

    private void AddInTable(CsvTable table, CsvCell cell, string found, string expected, string? hint = null) =>
        problems.Problems.Add(new StudyProblem(table.Path, cell.Line, cell.Column, "", found, expected, hint));

    private void CheckLength(StudyValue at, int found, string what, string simulatorName, ISimulator? simulator)
    {
        if (simulator is not null && Names(simulator) is var names && found != names.Count)
        {
            string expected = circumstance is null ? $"{names.Count}, the outputs of {simulatorName}: {Few(names)}" : $"{names.Count}, the {Outputs(simulator, simulatorName)}";
            problems.Add(at, $"{found} {what}", expected);
        }
    }

    private IReadOnlyList<string> Names(ISimulator simulator) => circumstance is null ? simulator.OutputNames : [.. simulator.OutputNames, circumstance];

    private string Outputs(ISimulator simulator, string simulatorName) =>
        $"{simulator.OutputNames.Count} outputs of {simulatorName}{(circumstance is null ? "" : $" and {circumstance}")}: {Few(Names(simulator))}";

    public static string Few(IReadOnlyList<string> names) =>
        names.Count <= 8 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))}, … {names[^1]}";
}
