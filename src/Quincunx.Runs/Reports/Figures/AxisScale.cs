namespace Quincunx.Runs.Reports.Figures;

/// <summary>How values map to positions along an axis. On a logarithmic axis values that are not positive are left out and counted.</summary>
public enum AxisScale
{
    Linear,
    Logarithmic,
}
