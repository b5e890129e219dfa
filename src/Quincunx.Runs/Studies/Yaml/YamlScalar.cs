namespace Quincunx.Runs.Studies.Yaml;

/// <param name="Quoted">Written in quotes or as a block, and so a text whatever it looks like.</param>
internal sealed record YamlScalar(string Text, bool Quoted, int Line, int Column) : YamlItem(Line, Column)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Describe()
    {
        string shown = (Text.Length > 40 ? Text[..40] + "…" : Text).ReplaceLineEndings(" ");
        return IsNull ? "nothing" : Quoted ? $"the quoted text \"{shown}\"" : $"'{shown}'";
    }
}
