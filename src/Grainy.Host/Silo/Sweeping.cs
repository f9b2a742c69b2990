using Grainy.Storage;

namespace Grainy.Host.Silo;

/// <summary>Throws away stored contents that nothing refers to, a while after the start and then twice a day.</summary>
internal sealed partial class Sweeping(BlobSweep sweep, TimeProvider clock, ILogger<Sweeping> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(First, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            timer.Period = Interval;
            try
            {
                var (contents, bytes) = await Task.Run(() => sweep.Run(stoppingToken), stoppingToken);
                LogSwept(contents, bytes / (double)(1 << 20));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
            {
                LogNotSwept(error);
            }
        }
    }

    [LoggerMessage(EventId = 5201, Level = LogLevel.Information, Message = "Threw away {Contents} stored contents that nothing refers to, {MiB:F1} MiB")]
    private partial void LogSwept(int contents, double miB);

    [LoggerMessage(EventId = 5202, Level = LogLevel.Warning, Message = "Stored contents that nothing refers to could not be thrown away; trying again in twelve hours")]
    private partial void LogNotSwept(Exception error);
}
