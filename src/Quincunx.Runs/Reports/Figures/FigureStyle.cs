namespace Quincunx.Runs.Reports.Figures;

/// <summary>The style sheet that every figure carries, so that a file stands alone and an inlined figure looks the same.</summary>
/// <remarks>
/// Colours are those of Okabe and Ito (2008, "Color Universal Design"), told apart with any common colour blindness, lightened for
/// dark backgrounds. They are written out in classes, not custom properties, because vector editors do not know the latter.
/// </remarks>
internal static class FigureStyle
{
    public const double FontSize = 11;

    public const string Sheet =
        ":root{color-scheme:light dark}"
        + ".qx{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','DejaVu Sans',sans-serif}"
        + ".qx text{fill:#222}.qx .b{font-weight:600}.qx .n{fill:#666}.qx .c{text-anchor:middle}.qx .e{text-anchor:end}"
        + ".qx path{stroke-linejoin:round}"
        + ".qx .frame,.qx .tick{fill:none;stroke:#777}.qx .grid{stroke:#e6e6e6}"
        + ".qx .ref{fill:none;stroke:#444;stroke-dasharray:4 3}"
        + ".qx .truth{fill:none;stroke:#111;stroke-width:1.2}"
        + ".qx .dot{fill:#111}.qx .bar{fill:none;stroke:#111;stroke-width:1.2}"
        + ".qx .l1,.qx .l2,.qx .l3,.qx .l4,.qx .l5,.qx .prior{fill:none;stroke-width:1.6}"
        + ".qx .l1{stroke:#0072b2}.qx .l2{stroke:#d55e00;stroke-width:1.3}.qx .l3{stroke:#009e73}.qx .l4{stroke:#b2629a}.qx .l5{stroke:#b07d00}"
        + ".qx .thin{stroke-width:.9}"
        + ".qx .prior{stroke:#777;stroke-width:1.3;stroke-dasharray:5 2}"
        + ".qx .f1{fill:#0072b2;fill-opacity:.22}.qx .f2{fill:#0072b2;fill-opacity:.42}.qx .f12{fill:#0072b2;fill-opacity:.55}.qx .p1{fill:#0072b2}.qx .p2{fill:#d55e00}"
        + ".qx .fband{fill:#888;fill-opacity:.22}"
        + "@media screen and (prefers-color-scheme:dark){"
        + ".qx text{fill:#e4e4e4}.qx .n{fill:#a0a0a0}.qx .frame,.qx .tick{stroke:#999}.qx .grid{stroke:#333}"
        + ".qx .ref{stroke:#bbb}.qx .truth,.qx .bar{stroke:#f4f4f4}.qx .dot{fill:#f4f4f4}"
        + ".qx .l1{stroke:#56b4e9}.qx .l2{stroke:#ff8a3d}.qx .l3{stroke:#2cc79b}.qx .l4{stroke:#e09cc4}.qx .l5{stroke:#e6b93d}.qx .prior{stroke:#aaa}"
        + ".qx .f1,.qx .f2,.qx .f12,.qx .p1{fill:#56b4e9}.qx .p2{fill:#ff8a3d}.qx .fband{fill:#aaa}}";

    /// <summary>Line classes for curves that share a panel, in order; after the last they repeat.</summary>
    public static readonly string[] Lines = ["l1", "l2", "l3", "l4", "l5"];
}
