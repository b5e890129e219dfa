namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>importance</c>.</summary>
/// <param name="Draws">From the final proposal; at most so many with <paramref name="Effective"/>.</param>
/// <param name="Rounds">Refittings of the proposal at most.</param>
/// <param name="Effective">Drawn until worth so many; null for a fixed number.</param>
/// <param name="Fresh">Whether draws that nothing has selected are reported in place of those that reached it.</param>
public sealed record ImportanceSettings(int Draws, int Rounds, int? Effective = null, bool Fresh = false)
{
    private const int UsualDraws = 20_000, MostDraws = 1_000_000;

    internal static ImportanceSettings Of(Rules.StudyMap keys)
    {
        int? effective = keys.Find("effective") is null ? null : keys.Integer("effective");
        int draws = keys.Find("draws") is null ? effective is null ? UsualDraws : MostDraws : keys.Integer("draws");
        return new ImportanceSettings(draws, keys.Integer("rounds"), effective, keys.Boolean("fresh"));
    }
}
