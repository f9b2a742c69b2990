using System.Globalization;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Web.Shared;

/// <summary>Numbers and states as people read them.</summary>
internal static class Words
{
    public static string Size(ImageInfo image) => $"{image.Width} × {image.Height}";

    public static string Depth(ImageInfo image) => $"{image.BitDepth}-bit{(image.IsFloat ? " float" : "")}{(image.Channels == 1 ? " grey" : "")}";

    /// <summary>On the scale of 8-bit values, in which people know noise.</summary>
    public static string Sigma(double? sigma) => sigma is { } value ? $"σ ≈ {Number(value * 255, value * 255 < 10 ? "0.0" : "0")}" : "σ ?";

    public static string Number(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count:N0} {many ?? one + "s"}";

    /// <summary>Seconds as <c>8 s</c>, <c>2 min 5 s</c>, <c>1 h 10 min</c>.</summary>
    public static string Duration(double seconds)
    {
        var whole = (long)Math.Max(0, Math.Round(seconds));
        return whole switch
        {
            < 60 => $"{whole} s",
            < 600 => whole % 60 == 0 ? $"{whole / 60} min" : $"{whole / 60} min {whole % 60} s",
            < 3600 => $"{(whole + 30) / 60} min",
            _ => $"{whole / 3600} h {whole % 3600 / 60} min",
        };
    }

    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        return age.TotalSeconds < 60 ? "just now"
            : age.TotalMinutes < 60 ? $"{(int)age.TotalMinutes} min ago"
            : age.TotalHours < 24 ? $"{(int)age.TotalHours} h ago"
            : at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    public static string State(JobState state) => state switch
    {
        JobState.Queued => "Waiting",
        JobState.Running => "Running",
        JobState.Cancelling => "Stopping",
        JobState.Cancelled => "Stopped",
        JobState.Failed => "Failed",
        JobState.Pausing => "Stopping",
        JobState.Paused => "Paused",
        _ => "Done",
    };

    public static bool IsActive(this JobState state) => state is JobState.Queued or JobState.Running or JobState.Cancelling or JobState.Pausing;

    public static string Metric(string metric) => metric switch
    {
        "psnr" => "PSNR",
        "ssim" => "SSIM",
        "ms-ssim" => "MS-SSIM",
        "lpips-alex" => "LPIPS (AlexNet)",
        "lpips-squeeze" => "LPIPS (SqueezeNet)",
        "lpips-vgg" => "LPIPS (VGG)",
        "elpips-squeeze" => "E-LPIPS (SqueezeNet)",
        "elpips-vgg" => "E-LPIPS (VGG)",
        "elpips-lpips-squeeze" => "E-LPIPS’ plain LPIPS (SqueezeNet)",
        "elpips-lpips-vgg" => "E-LPIPS’ plain LPIPS (VGG)",
        "builtin" => "Perceptual (built-in)",
        "elpips-builtin" => "Perceptual ensemble (built-in)",
        _ => metric,
    };
}
