namespace Grainy.Cli.Output;

/// <summary>One redrawn line on a terminal, a plain line now and then elsewhere, nothing when quiet.</summary>
internal sealed class ProgressLine(TextWriter error, bool terminal, bool quiet, TimeProvider clock) : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPlain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private readonly long _start = clock.GetTimestamp();
    private long? _last;
    private bool _drawn;

    /// <summary>Shows a state; calls that come too fast are dropped.</summary>
    /// <param name="fraction">Done so far, in [0, 1].</param>
    /// <param name="text">What is going on, without a line break.</param>
    /// <param name="eta">Seconds to go; by default estimated from the fraction and the time so far.</param>
    public void Report(double fraction, string text, double? eta = null)
    {
        var interval = terminal ? Redraw : _last is null ? FirstPlain : PlainInterval;
        if (quiet || clock.GetElapsedTime(_last ?? _start) < interval)
        {
            return;
        }

        _last = clock.GetTimestamp();
        fraction = Math.Clamp(fraction, 0, 1);
        var elapsed = clock.GetElapsedTime(_start).TotalSeconds;
        var left = eta ?? (fraction > 0.01 ? elapsed * (1 - fraction) / fraction : null);
        var ending = left is { } seconds ? $", {Durations.Show(seconds)} left" : "";
        if (terminal)
        {
            var filled = (int)Math.Round(fraction * BarWidth);
            error.Write($"\r\u001b[K{new string('█', filled)}{new string('░', BarWidth - filled)} {fraction,4:P0} {text}{ending}");
            _drawn = true;
        }
        else
        {
            error.WriteLine($"{fraction:P0} {text}{ending}");
        }
    }

    /// <summary>Wipes the line, so that what follows starts at the margin; the next report draws it again.</summary>
    public void Wipe()
    {
        if (_drawn)
        {
            error.Write("\r\u001b[K");
            _drawn = false;
        }
    }

    public void Dispose() => Wipe();
}
