using Grainy.Core.Attacks;

namespace Grainy.Benchmarks;

/// <summary>One attack of the demonstration.</summary>
internal sealed record AttackScenario(string Name, string Title, AttackSettings Settings, string Remark)
{
    public static IReadOnlyList<AttackScenario> All { get; } =
    [
        new("builtin", "The built-in network", On(300, "builtin"), ""),
        new("squeeze", "LPIPS-squeeze", On(400, "lpips-squeeze"), "The picture shows the room, with a faint texture."),
        new("several", "LPIPS-squeeze, LPIPS-alex and SSIM at once", On(500, "lpips-squeeze", "lpips-alex", "ssim"), "The room is in front, but firs and fence shine through: the structure that SSIM asks for."),
        new("elpips-builtin", "E-LPIPS on the built-in network, adaptive", On(1200, "elpips-builtin"), "Every step draws a fresh transform and dropout."),
        new("elpips", "E-LPIPS-squeeze, adaptive", On(1200, "elpips-squeeze"), "Every step draws a fresh transform and dropout. The picture that fulfils the constraint is the landscape, darker where the room is dark: this search finds none near the target."),
        new("elpips-static", "E-LPIPS-squeeze, through two fixed transforms", On(400, "elpips-squeeze") with { FixedTransforms = 2 }, "The same two members of the ensemble in turn: the search is content, fresh transforms are not."),
        new("ball", "A ball in L2", On(200, "psnr"), "What no attack can do: every picture this near in L2 looks like the reference."),
        new("apart-squeeze", "The reverse: LPIPS-squeeze pushed apart at 40 dB", Apart(200, "lpips-squeeze"), AnchorRemark),
        new("apart-builtin", "The reverse: the built-in network pushed apart at 40 dB", Apart(200, "builtin"), AnchorRemark),
    ];

    private const string AnchorRemark = "The anchor is the reference with noise of the same strength; from a ratio of 2 on a metric counts as fooled.";

    /// <summary>The same attack on the command line.</summary>
    public string CommandLine()
    {
        var target = Settings.Goal == AttackGoal.Approach ? "OUT/target.png" : "--push-apart";
        var transforms = Settings.FixedTransforms is { } count ? $" --fixed-transforms {count}" : "";
        return $"grainy attack OUT/reference.png {target} --metric {string.Join(',', Settings.Metrics)} --steps {Settings.Steps}{transforms} --threads 1 --out {Name}";
    }

    private static AttackSettings On(int steps, params string[] metrics) => new() { Metrics = metrics, Steps = steps, Snapshots = 0 };

    private static AttackSettings Apart(int steps, string metric) => On(steps, metric) with { Goal = AttackGoal.PushApart };
}
