using System.Collections.Concurrent;
using Grainy.Core.Images;
using Grainy.Host.Startup;

namespace Grainy.Host.Decoding;

/// <summary>
/// Decodes in processes of their own, started when needed and ended when idle. A file that crashes, hangs or bloats its decoder gets a sentence; the next file
/// gets a new process.
/// </summary>
internal sealed partial class IsolatedDecoder : IImageDecoder, IDisposable
{
    private const int MostProcesses = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _places = new(MostProcesses);
    private readonly ConcurrentStack<WorkerProcess> _idle = new();
    private readonly IReadOnlyList<string> _command;
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly ILogger<IsolatedDecoder> _logger;
    private readonly ITimer _cleaner;

    // Half of what this machine or container has, in all.
    private readonly long _mostMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / MostProcesses;

    public IsolatedDecoder(DataFolder data, TimeProvider clock, ILogger<IsolatedDecoder> logger)
        : this(OwnCommand(), data.Cache, clock, logger)
    {
    }

    internal IsolatedDecoder(IReadOnlyList<string> command, string folder, TimeProvider clock, ILogger<IsolatedDecoder> logger)
    {
        (_command, _folder, _clock, _logger) = (command, folder, clock, logger);
        _cleaner = clock.CreateTimer(_ => EndIdle(), null, IdleLife, IdleLife);
    }

    public async Task<DecodedImage> DecodeAsync(Stream file, int page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var output = Path.Combine(_folder, $"decoding-{Guid.NewGuid():n}.npy");
        var copy = file is FileStream ? null : $"{output}.in";
        await _places.WaitAsync(cancellationToken);
        try
        {
            if (copy is not null)
            {
                file.Position = 0;
                await using var target = File.Create(copy);
                await file.CopyToAsync(target, cancellationToken);
            }

            var facts = await AskAsync(new DecodeRequest(copy ?? ((FileStream)file).Name, output, page), cancellationToken);
            await using var planes = File.OpenRead(output);
            return new DecodedImage(await Task.Run(() => Npy.Read(planes), cancellationToken), facts);
        }
        finally
        {
            _places.Release();
            File.Delete(output);
            if (copy is not null)
            {
                File.Delete(copy);
            }
        }
    }

    public void Dispose()
    {
        _cleaner.Dispose();
        EndIdle();
        _places.Dispose();
    }

    private async Task<ImageFacts> AskAsync(DecodeRequest request, CancellationToken cancellationToken)
    {
        var worker = _idle.TryPop(out var waiting) && waiting.IsAlive ? waiting : WorkerProcess.Start(_command, _mostMemory, _clock);
        var reply = await worker.AskAsync(request, Patience, cancellationToken);
        if (reply is null)
        {
            LogLost(worker.Id);
            worker.Dispose();
            throw new ImageFormatException("The file could not be decoded: its decoder crashed, or took too long or too much memory; save it again as PNG or TIFF.");
        }

        _idle.Push(worker);
        return reply.Facts ?? throw new ImageFormatException(reply.Problem ?? "The file cannot be read as an image; save it again as PNG or TIFF.");
    }

    // The same program in its other mode: as 'dotnet Grainy.Host.dll' or as an executable of its own.
    private static string[] OwnCommand()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, typeof(IsolatedDecoder).Assembly.Location, DecodeWorker.Command] : [program, DecodeWorker.Command];
    }

    private void EndIdle()
    {
        while (_idle.TryPop(out var worker))
        {
            worker.Dispose();
        }
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Warning, Message = "The decoder process {Process} crashed, hung or took too much memory at an upload and was ended")]
    private partial void LogLost(int process);
}
